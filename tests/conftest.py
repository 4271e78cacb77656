"""What every test shares."""

from hypothesis import HealthCheck, settings

# Two cores shared by two workers make single examples slow now and then; that is no fault.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")
