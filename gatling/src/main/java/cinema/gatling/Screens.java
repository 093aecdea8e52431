package cinema.gatling;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All boards that staff have open. */
final class Screens {
  private static final int OPENING_AT_ONCE = 20;
  private static final int REMEMBERED = 256;

  private final List<Screen> all = new ArrayList<>();

  /**
   * What was read lately: every screen is sent the same, and to understand it a thousand times
   * would take the processors from what is measured.
   */
  private final Map<String, FeedFrame> lately =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FeedFrame> eldest) {
          return size() > REMEMBERED;
        }
      };

  Screens(int many, Stopwatch stopwatch) {
    for (int i = 0; i < many; i++) {
      all.add(new Screen(stopwatch, this::read));
    }
  }

  private FeedFrame read(String text) {
    return lately.computeIfAbsent(text, FeedFrame::of);
  }

  /** Opens them all; not on the event loop. */
  void open(EventLoop loop, URI url, String barId, Cinema cinema, int mostSeconds)
      throws IOException, InterruptedException {
    List<CompletableFuture<Void>> opening = new ArrayList<>();
    for (Screen screen : all) {
      opening.add(screen.open(loop, url, barId, cinema.feedTicket(barId)));
      if (opening.size() == OPENING_AT_ONCE) {
        await(opening, mostSeconds);
        opening.clear();
      }
    }
    await(opening, mostSeconds);
  }

  private static void await(List<CompletableFuture<Void>> opening, int mostSeconds)
      throws IOException, InterruptedException {
    try {
      CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new))
          .get(mostSeconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a screen does not open: " + e, e);
    }
  }

  void close() {
    all.forEach(Screen::close);
  }

  /** How often a feed's numbers did not follow one another, on all screens together. */
  int gaps() {
    return all.stream().mapToInt(Screen::gaps).sum();
  }

  /** Why a feed ended or could not be read; empty when all is well. */
  String trouble() {
    return all.stream().map(Screen::trouble).filter(each -> !each.isEmpty()).findFirst().orElse("");
  }
}
