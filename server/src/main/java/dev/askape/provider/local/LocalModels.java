package dev.askape.provider.local;

import dev.askape.chat.Model;
import dev.askape.chat.ModelId;
import dev.askape.chat.ModelParameters;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The models of this machine, and the process behind them. Nothing happens before [#start]; from
/// then on one thread sees to the process, and [#close] ends both. Safe for any thread.
public final class LocalModels implements AutoCloseable {
  /// What clients see as the provider.
  public static final String PROVIDER = "local";

  private static final Logger LOG = LoggerFactory.getLogger(LocalModels.class);
  private static final Duration TO_CLOSE = Duration.ofSeconds(6);

  private final LocalSettings settings;
  private final Weights weights;
  private final List<EventLoop> loops;
  private final Object lock = new Object();
  private State state = State.waiting("not started");
  private @Nullable Running running;
  private @Nullable Thread thread;
  private boolean closed;

  /// @param loops the event loops that read the answers
  public LocalModels(LocalSettings settings, List<EventLoop> loops) {
    this(settings, WeightsPackage.SMOLLM2, loops);
  }

  LocalModels(LocalSettings settings, WeightsPackage wanted, List<EventLoop> loops) {
    this.settings = settings;
    this.weights = new Weights(settings, wanted);
    this.loops = List.copyOf(loops);
  }

  /// Both of them, to be asked at any time; available while their process listens.
  public List<Model> models() {
    return List.of(
        model("smollm2", "SmolLM2 135M"), model("smollm2-inventive", "SmolLM2 135M, inventive"));
  }

  private Model model(String id, String name) {
    return new Model(
        new ModelId(PROVIDER + "/" + id),
        settings.model().isPresent() ? id : name,
        PROVIDER,
        false,
        OptionalInt.of(settings.context()),
        Optional.empty(),
        ModelParameters.DEFAULTS,
        new LocalModel(this, id),
        () -> state().isReady());
  }

  /// What they are waiting for, or whether they are ready.
  public State state() {
    synchronized (lock) {
      return state;
    }
  }

  /// Makes them ready, in the background, and keeps them so.
  ///
  /// @param served told, one call at a time, true when they are ready for the first time, false
  ///   when they will not be again; a restart between is not told
  public void start(Consumer<Boolean> served) {
    synchronized (lock) {
      if (thread == null && !closed) {
        thread = Thread.ofPlatform().daemon().name("local-models").start(() -> run(served));
      }
    }
  }

  /// The process to ask. While it is being started, waits for it, not long.
  Optional<Running> awaitRunning() throws InterruptedException {
    return await(null);
  }

  /// The process after this one, which has ended, whether that was noticed or not.
  Optional<Running> awaitOtherThan(Running ended) throws InterruptedException {
    return await(ended);
  }

  private Optional<Running> await(@Nullable Running ended) throws InterruptedException {
    long deadline = System.nanoTime() + settings.limits().patience().toNanos();
    synchronized (lock) {
      while (running == null ? state.isShort() : running == ended) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          break;
        }
        lock.wait(left);
      }
      return running == ended ? Optional.empty() : Optional.ofNullable(running);
    }
  }

  private void become(State next, @Nullable Running now) {
    synchronized (lock) {
      state = next;
      running = now;
      lock.notifyAll();
    }
  }

  // whatever happens here must be said, and must not look like a wait without an end
  @SuppressWarnings("IllegalCatch")
  private void run(Consumer<Boolean> served) {
    try {
      if (settings.program().isEmpty()) {
        throw NotReady.forGood("this build comes without the program that runs them");
      }
      new Supervision(this, settings, weights, loops, served).run();
    } catch (NotReady e) {
      giveUp(e.words(), served);
    } catch (InterruptedException _) {
      become(State.over("the server is ending"), null);
    } catch (RuntimeException e) {
      LOG.error("the local models are no longer watched", e);
      giveUp("something went wrong", served);
    }
  }

  private void giveUp(String why, Consumer<Boolean> served) {
    become(State.over(why), null);
    LOG.warn("No local models: {}", why);
    served.accept(false);
  }

  void becomeReady(Running now) {
    become(State.ready(), now);
  }

  void becomeStarting() {
    become(State.starting(), null);
  }

  void becomeWaiting(String what) {
    become(State.waiting(what), null);
  }

  /// Ends the process, and what it is saying.
  @Override
  public void close() {
    Thread ending;
    synchronized (lock) {
      closed = true;
      ending = thread;
    }
    if (ending == null) {
      return;
    }
    ending.interrupt();
    try {
      ending.join(TO_CLOSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
