package dev.askape.config;

/// The least severe thing that is logged.
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE
}
