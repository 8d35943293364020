package dev.askape.it;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.sqlite.SQLiteConfig;

/// What a running server has kept of answers that are still being written, read from its data file.
final class KeptParts {
  private static final String LENGTHS =
      """
      SELECT answers.model_id, max(parts.start + length(parts.text) / 2)
      FROM parts JOIN answers ON answers.id = parts.answer_id
      WHERE parts.kind = 'TEXT' GROUP BY answers.model_id
      """;

  private KeptParts() {}

  /// By model, in UTF-16 code units, of which a part has two bytes each.
  static Map<String, Integer> lengths(Path data) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout((int) Patience.LIMIT.toMillis());
    var lengths = new HashMap<String, Integer>();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + data, config.toProperties());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(LENGTHS)) {
      while (rows.next()) {
        lengths.put(rows.getString(1), rows.getInt(2));
      }
    }
    return lengths;
  }
}
