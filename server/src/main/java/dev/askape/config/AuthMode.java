package dev.askape.config;

/// How it is decided who is asking.
public enum AuthMode {
  OPEN
}
