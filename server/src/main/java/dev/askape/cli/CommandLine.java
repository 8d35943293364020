package dev.askape.cli;

import dev.askape.chat.Model;
import dev.askape.chat.Price;
import dev.askape.cli.Commands.Finding;
import dev.askape.config.ConfigurationPage;
import dev.askape.config.Settings;
import dev.askape.config.Sources;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/// Runs one invocation of the program, from its arguments to its exit code.
///
/// @param commands what is started
/// @param untilEnd keeps something running until the process is told to end, and closes it then
/// @param out for what was asked for
/// @param err for the one line when something is wrong
/// @param directory the working directory
record CommandLine(
    Commands commands,
    Consumer<Commands.Running> untilEnd,
    PrintStream out,
    PrintStream err,
    Path directory,
    Map<String, String> environment) {
  static final int GOOD = 0;
  static final int BAD = 2;

  /// Returns the exit code.
  int run(List<String> arguments) {
    return guarded(Optional.empty(), () -> dispatch(Invocation.parse(arguments)));
  }

  private int dispatch(Invocation invocation) {
    return switch (invocation) {
      case Invocation.Printing(var command) -> print(command);
      case Invocation.Backup(var configured, var target) ->
          withSettings(
              configured,
              settings -> {
                out.println(commands.backup(settings, directory.resolve(target)));
                return GOOD;
              });
      case Invocation.Export(var configured, var owner) ->
          withSettings(
              configured,
              settings -> {
                commands.export(settings, owner, out::println);
                return GOOD;
              });
      case Invocation.OnPort onPort -> onPort(onPort);
      case Invocation.Configured configured -> configured(configured);
    };
  }

  private int print(Command command) {
    out.print(
        switch (command) {
          case VERSION -> Version.read().line() + System.lineSeparator();
          case CONFIGURATION_PAGE -> ConfigurationPage.text();
          default -> Command.help();
        });
    out.flush();
    return GOOD;
  }

  private int onPort(Invocation.OnPort invocation) {
    return keepRunning(
        invocation.command() == Command.CONFORMANCE
            ? commands.conformance(invocation.port())
            : commands.fakeProvider(invocation.port(), invocation.key()));
  }

  private int configured(Invocation.Configured invocation) {
    return withSettings(
        invocation,
        settings ->
            switch (invocation.command()) {
              case MODELS -> printModels(commands.listModels(settings));
              case CHECK -> check(settings);
              case MIGRATE -> {
                out.println(commands.migrate(settings, out::println));
                yield GOOD;
              }
              default -> keepRunning(commands.serve(settings));
            });
  }

  private int withSettings(Invocation.Configured invocation, ToIntFunction<Settings> action) {
    var settings =
        Settings.load(new Sources(directory, invocation.file(), environment, invocation.flags()));
    Logs.setLevel(settings.log().level());
    return guarded(Optional.of(settings), () -> action.applyAsInt(settings));
  }

  private int keepRunning(Commands.Running running) {
    out.println(running.greeting());
    untilEnd.accept(running);
    return GOOD;
  }

  private int printModels(List<Model> models) {
    var table = new Table();
    for (var model : models) {
      table.row(
          model.id().value(),
          model.name(),
          model.provider(),
          model.isDefault() ? "default" : "",
          model.price().map(CommandLine::price).orElse(""),
          model.available().getAsBoolean() ? "" : "once the server has made it ready");
    }
    out.print(table);
    return GOOD;
  }

  private static String price(Price price) {
    return "%s in, %s out".formatted(price.prompt(), price.completion())
        + price.cached().map(", %s cached"::formatted).orElse("");
  }

  private int check(Settings settings) {
    var values = new Table();
    settings.values().forEach(it -> values.row(it.key(), it.value(), it.origin()));
    out.println(values);
    var findings = commands.probe(settings);
    var tried = new Table();
    findings.forEach(it -> tried.row(it.isGood() ? "good" : "BAD", it.subject(), it.detail()));
    out.print(tried);
    return findings.stream().allMatch(Finding::isGood) ? GOOD : BAD;
  }

  /// Whatever a start can throw is for a person to read, so it becomes one line here. Netty throws
  /// checked exceptions undeclared, native code link errors.
  @SuppressWarnings("IllegalCatch")
  private int guarded(Optional<Settings> settings, Supplier<Integer> start) {
    try {
      return start.get();
    } catch (Exception | LinkageError e) {
      err.println("askape: " + new Problems(settings).explain(e));
      return BAD;
    }
  }
}
