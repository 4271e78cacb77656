#!/usr/bin/env bash
# Usage: need-system.sh PACKAGE:COMMAND...
#
# Makes sure that programs which only the system can give are there. COMMAND is looked for on the
# path; one that begins with "/" must exist as a file, where "*" stands for any one name. What is
# missing is installed with apt when this runs as root, and named otherwise.
set -u

missing=()
for need in "$@"; do
    package=${need%%:*}
    command=${need#*:}
    case $command in
        /*) compgen -G "$command" >/dev/null || missing+=("$package") ;;
        *) command -v "$command" >/dev/null 2>&1 || missing+=("$package") ;;
    esac
done
[ ${#missing[@]} -eq 0 ] && exit 0

give_up() {
    echo "Missing: ${missing[*]} ($1). Install with: apt-get install ${missing[*]}" >&2
    exit 1
}

command -v apt-get >/dev/null 2>&1 || give_up "Debian package names; no apt-get here"
[ "$(id -u)" -eq 0 ] || give_up "installing needs root"

echo "Installing ${missing[*]} ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
wait_for_lock="DPkg::Lock::Timeout=300"
apt-get update -qq -o "$wait_for_lock" >"$log" 2>&1
if ! apt-get install -y -qq -o "$wait_for_lock" --no-install-recommends "${missing[@]}" >>"$log" 2>&1
then
    give_up "apt-get failed: $(grep -m1 '^E:' "$log" || tail -n1 "$log")"
fi
