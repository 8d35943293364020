package dev.askape.chat;

/// A form of ids: `*` stands for any characters, everything else for itself.
public record IdPattern(String form) {
  // greedy with one way back: linear in practice and never exponential, whatever the id
  public boolean matches(String text) {
    int f = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      if (f < form.length() && form.charAt(f) == '*') {
        star = f++;
        mark = t;
      } else if (f < form.length() && form.charAt(f) == text.charAt(t)) {
        f++;
        t++;
      } else if (star >= 0) {
        f = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (f < form.length() && form.charAt(f) == '*') {
      f++;
    }
    return f == form.length();
  }
}
