package dev.askape.bench.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What clients send.
///
/// @param models scripts of the stand-in, of which each message asks one or two
/// @param characters of each message
/// @param perSession messages, at most 25: a session's history is read in one go
/// @param watchers whether a second connection listens to each session
record Load(int clients, int perSession, int characters, List<String> models, boolean watchers) {
  /// Answers of all lengths, from three words to ten seconds.
  static Load mixed(int clients) {
    return new Load(
        clients,
        12,
        60,
        List.of(
            "fake-quick:tokens=3,first=0,rate=0",
            "fake-short:tokens=20,first=50,rate=40",
            "fake-long:tokens=200,first=100,rate=50",
            "fake-longer:tokens=250,first=20,rate=25"),
        true);
  }

  /// As many messages as the server takes.
  static Load dense(int clients) {
    return new Load(clients, 25, 40, List.of("fake-quick:tokens=3,first=0,rate=0"), false);
  }

  /// Messages that fill a disk.
  static Load bulky(int clients) {
    return new Load(clients, 25, 8_000, List.of("fake-quick:tokens=3,first=0,rate=0"), false);
  }

  List<String> models(Random random) {
    var asked = new ArrayList<String>();
    asked.add(models.get(random.nextInt(models.size())));
    var other = models.get(random.nextInt(models.size()));
    if (!asked.contains(other)) {
      asked.add(other);
    }
    return asked;
  }

  String text(Random random) {
    var text = new StringBuilder("says ");
    while (text.length() < characters) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
