//! What every table with a natural key and a version can do, written once.

/// Defines `id_of`, `write` and `remove` for a table with columns `id` and `version` and a key column.
macro_rules! catalog {
    ($table:ident, $Row:ty, $key:ident) => {
        /// The identifier of a natural key.
        pub fn id_of(conn: &mut $crate::store::Conn, key: &str) -> $crate::store::Stored<Option<$crate::store::Id>> {
            Ok($crate::store::conn::on!(conn, c => $table::table.filter($table::$key.eq(key)).select($table::id).get_result(c).optional())?)
        }
        /// Adds the row if its version is 1, else replaces the version before it; false if that one isn't there any more.
        fn write(conn: &mut $crate::store::Conn, row: &$Row) -> $crate::store::Stored<bool> {
            let written = match row.version {
                1 => $crate::store::conn::on!(conn, c => diesel::insert_into($table::table).values(row).execute(c))?,
                next => $crate::store::conn::on!(conn, c => diesel::update($table::table.filter($table::id.eq(row.id)).filter($table::version.eq(next - 1))).set(row).execute(c))?,
            };
            Ok(written == 1)
        }
        /// Removes the row if it still has version `was`. A row that is referred to gives `StoreError::Reference`.
        pub fn remove(conn: &mut $crate::store::Conn, id: $crate::store::Id, was: i32) -> $crate::store::Stored<bool> {
            let gone = $crate::store::conn::on!(conn, c => diesel::delete($table::table.filter($table::id.eq(id)).filter($table::version.eq(was))).execute(c))?;
            Ok(gone == 1)
        }
    };
}
pub(super) use catalog;
