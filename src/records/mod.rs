//! The facts: immutable Parquet files, one an import.
