"""What weighs candidate pairs: DuckDB in this process, or Spark where lists outgrow it.

Both are given the same columns, the same settings and the same pairs by Splink; they differ in how
a table is handed in, what three functions are called, and how the answer comes out.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from homeward.people.blocking import Positions
from homeward.people.columns import FLAGS, LISTS, NUMBERS, TEXTS
from homeward.problem import Problem, Refused

Rows = Sequence[Mapping[str, Any]]


class Engine(Protocol):
    """A database that Splink can use."""

    api: Any

    def lines(self, rows: Rows, side: str) -> Any:
        """Prepared rows of one side as a table of Splink's; ids are the side and the position."""

    def shares(self, column: str, shares: Mapping[str, float]) -> Any:
        """The frequencies of one column as a table of Splink's."""

    def pairs(self, one: Positions, other: Positions) -> Any:
        """Candidate pairs as a table of Splink's."""

    def condition(self, sql: str) -> str:
        """A condition on prepared columns in the engine's own words."""

    def answer(self, found: Any, columns: Mapping[str, str]) -> dict[str, NDArray[Any]]:
        """The columns (name: expression) of what Splink predicted."""


def engine(name: str) -> Engine:
    """The engine called ``name``; raises Refused when it is not known or not installed."""
    if name == "duckdb":
        return DuckDB()
    if name == "spark" and find_spec("pyspark") is not None:
        return Spark()
    expected = "duckdb" if name != "spark" else "duckdb, or pip install 'homeward[spark]' and Java"
    raise Refused([Problem("people.engine-missing", "match", name, expected)])


# Values of a column handed over in one go; more would only need more memory.
_AT_ONCE = 20_000


def _id(side: str, at: int) -> str:
    return f"{side}{at:07}"


# Types of columns as from_json has them.
_TEXT, _LIST, _NUMBER, _FLAG, _SHARE = (
    '"VARCHAR"', '["VARCHAR"]', '"BIGINT"', '"BOOLEAN"', '"DOUBLE"'
)  # fmt: skip


class DuckDB:
    """DuckDB in memory, in this process."""

    def __init__(self) -> None:
        import duckdb
        from splink import DuckDBAPI

        self.base = duckdb.connect(":memory:")
        self.api: Any = DuckDBAPI(self.base)

    def lines(self, rows: Rows, side: str) -> Any:
        """One column after another."""
        columns: dict[str, tuple[str, Sequence[Any]]] = {
            "source_dataset": (_TEXT, [side] * len(rows)),
            "k_id": (_TEXT, [_id(side, at) for at in range(len(rows))]),
        }
        for kind, names in ((_TEXT, TEXTS), (_LIST, LISTS), (_NUMBER, NUMBERS), (_FLAG, FLAGS)):
            for name in names:
                columns[f"k_{name}"] = (kind, [row[name] for row in rows])
        return self.api.register(self._table(f"lines_{side}", columns), dataset_display_name=side)

    def shares(self, column: str, shares: Mapping[str, float]) -> Any:
        """Two columns."""
        names = f"k_{column}", f"tf_k_{column}"
        values = (_TEXT, list(shares)), (_SHARE, list(shares.values()))
        table = self._table(f"shares_{column}", dict(zip(names, values, strict=True)))
        return self.api.register(table)

    def _table(self, name: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> str:
        """A table of columns, each with its type, handed over as JSON.

        Splink's own way, a table of pyarrow's, imports pandas: longer than short lists take.
        """
        wanted = ", ".join(
            f"unnest(from_json(?, '[{kind}]')) as {column}" for column, (kind, _) in columns.items()
        )
        longest = max(len(values) for _, values in columns.values())
        for first in range(0, max(longest, 1), _AT_ONCE):
            texts = [
                json.dumps(values[first : first + _AT_ONCE], ensure_ascii=False)
                for _, values in columns.values()
            ]
            into = f"insert into {name}" if first else f"create or replace table {name} as"
            self.base.execute(f"{into} select {wanted}", texts)
        return name

    def pairs(self, one: Positions, other: Positions) -> Any:
        """The ids are written by DuckDB, so that no pair is ever a Python value."""
        self.base.register("positions", {"one": one, "other": other})
        self.base.execute(
            "create or replace table candidates as select '0' as match_key, "
            "printf('a-__-a%07d', one) as join_key_l, printf('b-__-b%07d', other) as join_key_r "
            "from positions"
        )
        return self.api.register("candidates")

    def condition(self, sql: str) -> str:
        """Conditions are written for DuckDB."""
        return sql

    def answer(self, found: Any, columns: Mapping[str, str]) -> dict[str, NDArray[Any]]:
        """Straight into arrays."""
        wanted = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
        table = found.as_duckdbpyrelation().project(wanted).fetchnumpy()
        return {name: np.asarray(column) for name, column in table.items()}


# What Spark, with the functions that come with Splink, calls otherwise.
_SPARK_WORDS = {
    "jaro_winkler_similarity(": "jaro_winkler(",
    "list_has_any(": "arrays_overlap(",
}
_SPARK_TYPES = {
    **{f"k_{name}": "string" for name in TEXTS},
    **{f"k_{name}": "array<string>" for name in LISTS},
    **{f"k_{name}": "bigint" for name in NUMBERS},
    **{f"k_{name}": "boolean" for name in FLAGS},
}


class Spark:
    """The Spark session that is running, or one of this machine's own.

    A session of our own listens on the loopback alone, shows no pages, and keeps tables in memory
    (Spark writes what does not fit there to ``spark.local.dir``).
    """

    def __init__(self) -> None:
        self.session = _session()
        backend: Any = importlib.import_module("splink.backends.spark")
        self.api: Any = backend.SparkAPI(
            spark_session=self.session,
            break_lineage_method="persist",
            num_partitions_on_repartition=int(
                self.session.conf.get("spark.sql.shuffle.partitions", "8")
            ),
        )

    def _table(self, rows: Sequence[Sequence[Any]], types: Mapping[str, str]) -> Any:
        """Types are said, because a column that nobody filled in has none of its own."""
        schema = ", ".join(f"{name} {kind}" for name, kind in types.items())
        return self.session.createDataFrame(list(rows), schema)

    def lines(self, rows: Rows, side: str) -> Any:
        """One row after another."""
        names = [name.removeprefix("k_") for name in _SPARK_TYPES]
        cells = [
            [side, _id(side, at), *(row[name] for name in names)] for at, row in enumerate(rows)
        ]
        types = {"source_dataset": "string", "k_id": "string", **_SPARK_TYPES}
        return self.api.register(self._table(cells, types), dataset_display_name=side)

    def shares(self, column: str, shares: Mapping[str, float]) -> Any:
        """Two columns."""
        types = {f"k_{column}": "string", f"tf_k_{column}": "double"}
        return self.api.register(self._table(list(shares.items()), types))

    def pairs(self, one: Positions, other: Positions) -> Any:
        """Positions go over as numbers; Spark writes the ids."""
        rows = list(zip(one.tolist(), other.tolist(), strict=True))
        positions = self._table(rows, {"one": "bigint", "other": "bigint"})
        return self.api.register(
            positions.selectExpr(
                "'0' as match_key",
                "format_string('a-__-a%07d', one) as join_key_l",
                "format_string('b-__-b%07d', other) as join_key_r",
            )
        )

    def condition(self, sql: str) -> str:
        """The same condition with Spark's names."""
        for ours, theirs in _SPARK_WORDS.items():
            sql = sql.replace(ours, theirs)
        return sql

    def answer(self, found: Any, columns: Mapping[str, str]) -> dict[str, NDArray[Any]]:
        """Collected to this process, where the competition is."""
        wanted = [f"{sql} as {name}" for name, sql in columns.items()]
        rows = found.as_spark_dataframe().selectExpr(*wanted).collect()
        return {name: np.array([row[name] for row in rows]) for name in columns}


def _session() -> Any:
    spark: Any = importlib.import_module("pyspark.sql")
    running = spark.SparkSession.getActiveSession()
    if running is not None:
        return running
    backend: Any = importlib.import_module("splink.backends.spark")
    builder = spark.SparkSession.builder.appName("homeward")
    for key, value in {
        # Functions that SQL has not: Jaro-Winkler and Damerau-Levenshtein.
        "spark.jars": backend.similarity_jar_location(),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "4g",
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # Java is missing or does not start: many kinds, one answer
        name = type(error).__name__
        raise Refused(
            [Problem("people.engine-missing", "match", "spark", "a Java that starts", name)]
        ) from None
