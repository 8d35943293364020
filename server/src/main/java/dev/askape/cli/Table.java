package dev.askape.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of text in aligned columns; a cell with line breaks is shown on one line. For one thread.
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  void row(String... cells) {
    rows.add(List.of(cells).stream().map(cell -> cell.replaceAll("\\p{Cntrl}+", " ")).toList());
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (var column = 0; column < row.size(); column++) {
        var cell = row.get(column);
        line.append(cell).repeat(' ', width(column) - cell.length() + 2);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
