package dev.askape;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The package table of the architecture, as rules, for the classes of both modules.
class ArchitectureTest {
  private static final String ROOT = "dev.askape";

  /// Each package, and the packages of ours that it may use.
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          // a Socket.IO server for the JVM, which has never heard of chat
          entry("http", Set.of()),
          entry("engineio", Set.of("http")),
          entry("socketio", Set.of("engineio", "http")),
          entry("conformance", Set.of("socketio", "engineio", "http")),
          // the domain, which has never heard of sockets, JSON, HTTP or SQL
          entry("chat", Set.of()),
          entry("identity", Set.of()),
          entry("tokens", Set.of("chat")),
          entry("json", Set.of("chat")),
          // the edges, which do not use each other
          entry("provider", Set.of("chat")),
          entry("provider.http", Set.of("chat", "provider")),
          entry("provider.openai", Set.of("chat", "provider", "provider.http")),
          entry("provider.anthropic", Set.of("chat", "provider", "provider.http")),
          entry("provider.gemini", Set.of("chat", "provider", "provider.http")),
          entry("provider.ollama", Set.of("chat", "provider", "provider.http")),
          entry(
              "provider.apis",
              Set.of(
                  "provider.http",
                  "provider.openai",
                  "provider.anthropic",
                  "provider.gemini",
                  "provider.ollama")),
          entry("provider.policy", Set.of("chat", "provider")),
          entry("provider.demo", Set.of("chat")),
          entry(
              "provider.discovery",
              Set.of(
                  "chat",
                  "provider",
                  "provider.http",
                  "provider.apis",
                  "provider.demo",
                  "provider.policy")),
          entry(
              "provider.local",
              Set.of("chat", "provider", "provider.http", "provider.openai", "provider.policy")),
          entry("storage.sqlite", Set.of("chat")),
          entry("storage.spool", Set.of("chat", "storage.sqlite")),
          entry("storage.mongo", Set.of("chat")),
          entry("gateway", Set.of("socketio", "http", "chat", "identity", "json")),
          entry("web", Set.of("http", "chat", "identity", "json")),
          entry("standin", Set.of("http")),
          // what puts them together
          entry("config", Set.of("chat", "provider", "provider.policy")),
          entry(
              "offer",
              Set.of(
                  "chat",
                  "config",
                  "provider",
                  "provider.http",
                  "provider.apis",
                  "provider.policy",
                  "provider.demo",
                  "provider.discovery",
                  "provider.local")),
          entry(
              "",
              Set.of(
                  "offer",
                  "http",
                  "socketio",
                  "chat",
                  "tokens",
                  "provider",
                  "provider.local",
                  "storage.mongo",
                  "storage.spool",
                  "storage.sqlite",
                  "gateway",
                  "web",
                  "config")),
          entry(
              "cli",
              Set.of(
                  "",
                  "offer",
                  "config",
                  "chat",
                  "http",
                  "provider",
                  "provider.local",
                  "json",
                  "storage.mongo",
                  "storage.spool",
                  "storage.sqlite",
                  "conformance",
                  "standin")));

  static {
    // the names of other people's classes are enough
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
  }

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/dev/askape/fixture/"))
          .importPackages(ROOT);

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages(ROOT);

  private static String packageOf(JavaClass type) {
    var name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  private static String full(String name) {
    return name.isEmpty() ? ROOT : ROOT + "." + name;
  }

  @Test
  void looksAtBothModules() {
    assertThat(OURS.stream().map(ArchitectureTest::packageOf)).contains("chat", "socketio", "");
    assertThat(TESTS).isNotEmpty();
  }

  @Test
  void everyPackageStandsInTheTableAndNoOther() {
    var packages = new TreeSet<>(OURS.stream().map(ArchitectureTest::packageOf).toList());

    assertThat(packages).isEqualTo(new TreeSet<>(MAY_USE.keySet()));
  }

  @Test
  void packagesUseOnlyWhatTheTableSays() {
    var wrong = new TreeSet<String>();
    for (var type : OURS) {
      var allowed = MAY_USE.getOrDefault(packageOf(type), Set.of());
      for (var dependency : type.getDirectDependenciesFromSelf()) {
        var target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target)
            && !packageOf(target).equals(packageOf(type))
            && !allowed.contains(packageOf(target))) {
          wrong.add(dependency.getDescription());
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  /// A right that nobody uses would let the picture drift.
  @Test
  void theTableAllowsNothingThatNobodyNeeds() {
    var used = new TreeSet<String>();
    for (var type : OURS) {
      for (var dependency : type.getDirectDependenciesFromSelf()) {
        var target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target)) {
          used.add(packageOf(type) + " uses " + packageOf(target));
        }
      }
    }
    var unused = new TreeSet<String>();
    MAY_USE.forEach((name, others) ->
        others.stream()
            .map(other -> name + " uses " + other)
            .filter(use -> !used.contains(use))
            .forEach(unused::add));

    assertThat(unused).isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(OURS);
  }

  /// Bytes are read and written in `http` and `provider.http`; a few others know the event loop,
  /// and what it gives for a task: who runs what. The rest has never heard of Netty.
  @Test
  void nettyStaysWhereBytesAreReadAndWritten() {
    var loopOnly =
        new String[] {
          full("engineio"),
          full("socketio"),
          full("gateway"),
          full("provider.apis"),
          full("provider.discovery"),
          full("provider.local"),
          full("standin"),
          full("offer"),
          ROOT
        };
    var netty = resideInAnyPackage("io.netty..", "reactor..");
    noClasses()
        .that()
        .resideInAnyPackage(loopOnly)
        .should()
        .dependOnClassesThat(
            netty
                .and(not(JavaClass.Predicates.type(EventLoop.class)))
                .and(not(resideInAPackage("io.netty.util.concurrent"))))
        .check(OURS);
    noClasses()
        .that()
        .resideOutsideOfPackages(loopOnly)
        .and()
        .resideOutsideOfPackages(full("http"), full("provider.http"))
        .should()
        .dependOnClassesThat(netty)
        .check(OURS);
  }

  @Test
  void driversStayInTheirAdapters() {
    stays(full("storage.sqlite"), "java.sql..", "javax.sql..", "org.sqlite..");
    stays(full("storage.mongo"), "com.mongodb..", "org.bson..");
    stays(full("config"), "org.snakeyaml..");
    stays(full("tokens"), "com.knuddels..");
    stays(full("provider.http"), "reactor..");
    noClasses()
        .that()
        .resideOutsideOfPackages(full("provider.policy"), full("storage.spool"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.github.resilience4j..")
        .check(OURS);
  }

  private static void stays(String where, String... drivers) {
    noClasses()
        .that()
        .resideOutsideOfPackage(where)
        .should()
        .dependOnClassesThat(resideInAnyPackage(drivers))
        .check(OURS);
  }

  @Test
  void theDomainKnowsNoJsonHttpSqlOrSocket() {
    noClasses()
        .that()
        .resideInAnyPackage(full("chat"), full("identity"))
        .should()
        .dependOnClassesThat(
            not(resideInAnyPackage(
                    "java.lang..", "java.util..", "java.time..", "java.math..", "java.security.."))
                .and(not(resideInAnyPackage("org.slf4j..", "org.jspecify..")))
                .and(not(resideInAPackage("com.google.errorprone.annotations..")))
                .and(not(resideInAnyPackage(full("chat"), full("identity")))))
        .check(OURS);
  }

  @Test
  void namesSayWhatTheThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Processor|Info|Data)(\\$.*)?$")
        .check(OURS);
  }

  @Test
  void everyPackageIsNullMarked() {
    var packages = OURS.stream().map(JavaClass::getPackage).distinct().toList();

    assertThat(packages).hasSize(MAY_USE.size());
    assertThat(packages)
        .allSatisfy(one -> assertThat(one.isAnnotatedWith(NullMarked.class)).isTrue());
  }

  /// What looks like a test is one, or says that it is something else.
  @Test
  void noTestIsForgotten() {
    var forgotten =
        TESTS.stream()
            .filter(type -> type.getSimpleName().matches(".*(Test|IT|Contract)"))
            .flatMap(type -> type.getMethods().stream())
            .filter(ArchitectureTest::looksLikeTest)
            .filter(method -> method.getAnnotations().isEmpty())
            .map(JavaMethod::getFullName)
            .toList();

    assertThat(forgotten).isEqualTo(List.of());
  }

  private static boolean looksLikeTest(JavaMethod method) {
    var modifiers = method.getModifiers();
    return method.getRawReturnType().getName().equals("void")
        && method.getRawParameterTypes().isEmpty()
        && !modifiers.contains(JavaModifier.PRIVATE)
        && !modifiers.contains(JavaModifier.STATIC)
        && !modifiers.contains(JavaModifier.SYNTHETIC);
  }
}
