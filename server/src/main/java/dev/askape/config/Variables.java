package dev.askape.config;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts `${NAME}` and `${NAME:-default}` into a text; `$${` stands for `${` itself.
record Variables(Map<String, String> environment) {
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$\\$\\{|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<otherwise>[^}]*))?}|\\$\\{");

  /// @param place how messages call the value, such as `askape.yaml:3: server.host`
  String putInto(String text, String place) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(replacement(found, place)));
  }

  private String replacement(MatchResult found, String place) {
    if (found.group().equals("$${")) {
      return "${";
    }
    var name = found.group("name");
    if (name == null) {
      throw new ConfigException(
          place + " has a ${ that names no variable; write ${NAME}, or $${ for the characters");
    }
    var otherwise = found.group("otherwise");
    var value = environment.get(name);
    if (otherwise != null) {
      return value == null || value.isEmpty() ? otherwise : value;
    }
    if (value == null) {
      throw new ConfigException(
          "%s needs the environment variable %s, which is not set; set it, or write ${%s:-default}"
              .formatted(place, name, name));
    }
    return value;
  }
}
