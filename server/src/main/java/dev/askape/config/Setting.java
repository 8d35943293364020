package dev.askape.config;

/// One value in force, for people to read.
///
/// @param key its full path, such as `providers.hf.base-url`
/// @param value as it would be written; a secret is hidden
/// @param origin `default`, `askape.yaml:12`, `environment ASKAPE_SERVER_PORT` or `--server.port`
public record Setting(String key, String value, String origin) {}
