package dev.askape.storage.sqlite;

import java.sql.SQLException;

/// What is done with the database in one call of the store. It may be run more than once, each time
/// on what a rolled back transaction left, so it keeps nothing outside the database.
@FunctionalInterface
interface Work<T> {
  T run(Database database) throws SQLException;
}
