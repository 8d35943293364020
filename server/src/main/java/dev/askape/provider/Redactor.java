package dev.askape.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Makes what a provider said fit for the log: no known secret, nothing that looks like one, no
/// URL, no line break, not long. Immutable.
public final class Redactor {
  private static final int MAX_INPUT = 65_536;
  private static final int MAX_OUTPUT = 500;

  /// A known secret may be quoted in part ("sk-abcd***wxyz"); so much of it at its start or end is
  /// taken for it.
  private static final int PART = 8;

  private static final Pattern URL =
      Pattern.compile("(?i)\\b[a-z][a-z0-9+.-]{1,15}://[^\\s\"'<>]+");
  private static final Pattern AUTHORIZATION =
      Pattern.compile("(?i)\\b(bearer|basic)([\\s:=]+|%20)[^\\s\"',;]+");
  private static final Pattern KEY_LIKE =
      Pattern.compile(
          "(?i)\\b(sk|pk|hf|gsk|xai|rk|api|key|token)[-_][a-z0-9_*.-]{8,}|\\beyJ[\\w-]{8,}[\\w.-]*");
  private static final Pattern LONG_TOKEN = Pattern.compile("[A-Za-z0-9_+/-]{40,}=*");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]+");

  private final List<String> secrets;

  public Redactor(Collection<Secret> secrets) {
    var known = new ArrayList<String>();
    for (var secret : secrets) {
      var value = secret.reveal();
      if (value.isBlank()) {
        continue;
      }
      known.add(value);
      if (value.length() >= 2 * PART) {
        known.add(value.substring(0, PART));
        known.add(value.substring(value.length() - PART));
      }
    }
    known.sort(Comparator.comparingInt(String::length).reversed());
    this.secrets = List.copyOf(known);
  }

  public String redact(String text) {
    var clean = text.length() > MAX_INPUT ? text.substring(0, MAX_INPUT) : text;
    for (var secret : secrets) {
      clean = clean.replace(secret, "<secret>");
    }
    clean = URL.matcher(clean).replaceAll("<url>");
    clean = AUTHORIZATION.matcher(clean).replaceAll("$1 <secret>");
    clean = KEY_LIKE.matcher(clean).replaceAll("<secret>");
    clean = LONG_TOKEN.matcher(clean).replaceAll("<secret>");
    clean = CONTROL.matcher(clean).replaceAll(" ").strip();
    return clean.length() > MAX_OUTPUT ? clean.substring(0, MAX_OUTPUT) + "…" : clean;
  }
}
