package cinema.gatling;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * What customers notice of somebody who means harm: the same orders, at first alone and then beside
 * {@value #SLOW} connections that never end their requests and {@value #FLOOD} requests a second,
 * ten times what one address may ask. The customers come from 127.0.0.2, the others from 127.0.0.1,
 * to a cinema that was started with its rate limits on.
 *
 * <p>Orders leave on a fixed schedule; a time is from when one was due until its answer.
 */
public final class HostileNeighbours {
  private static final String BAR = "lobby";
  private static final int SLOW = 500;
  private static final int FLOOD = 2000;
  private static final int FLOODERS = 8;
  private static final long MISSING = -1;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Settings settings;
  private final URI baseUrl;
  private final AtomicLongArray flood = new AtomicLongArray(600);
  private final AtomicInteger cutOff = new AtomicInteger();
  private volatile boolean hostile;

  private HostileNeighbours(Settings settings) {
    this.settings = settings;
    this.baseUrl = settings.baseUrl();
  }

  /** Settings come from system properties or the environment: see README.md. */
  public static void main(String[] arguments) throws Exception {
    new HostileNeighbours(Settings.ofProcess()).run();
    System.exit(0); // threads of the flood may still wait for an answer
  }

  private void run() throws Exception {
    List<String> tokens;
    List<String> menu;
    try (Cinema cinema = new Cinema(baseUrl)) {
      tokens = cinema.openSessions(settings.sessions());
      menu = cinema.menu(BAR);
    }
    System.out.printf(
        "%d orders a second to %s, after %d s to warm up%n%n",
        settings.rate(), baseUrl, settings.warmupSeconds());
    try (HttpClient customers =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .localAddress(InetAddress.getByName("127.0.0.2"))
            .build()) {
      orders(customers, tokens, menu, settings.warmupSeconds());
      System.out.print(Figures.header());
      Figures alone = report("alone", orders(customers, tokens, menu, settings.seconds()));
      begin();
      Figures beside = report("beside them", orders(customers, tokens, menu, settings.seconds()));
      hostile = false;
      System.out.printf(
          "%nratio of the p99: %.2f%nflood: %s%nslow connections cut off: %d%n",
          (double) beside.p99() / alone.p99(), answers(), cutOff.get());
    }
  }

  /** How long each took, in nanoseconds; {@link #MISSING} for one that was not taken. */
  private List<Long> orders(
      HttpClient customers, List<String> tokens, List<String> menu, int seconds) {
    Queue<Long> times = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<?>> all = new ArrayList<>();
    long start = System.nanoTime();
    for (int n = 0; n < seconds * settings.rate(); n++) {
      long due = start + n * TimeUnit.SECONDS.toNanos(1) / settings.rate();
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String body =
          """
          {"barId":"%s","lines":[{"itemId":"%s","quantity":1}],"customer":{"name":"Mina"}}"""
              .formatted(BAR, menu.get(n % menu.size()));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(baseUrl + "/orders"))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .header("Authorization", "Bearer " + tokens.get(n % tokens.size()))
              .POST(BodyPublishers.ofString(body))
              .build();
      all.add(
          customers
              .sendAsync(request, BodyHandlers.discarding())
              .handle(
                  (answer, failure) ->
                      times.add(
                          failure == null && answer.statusCode() == 201
                              ? System.nanoTime() - due
                              : MISSING)));
    }
    all.forEach(CompletableFuture::join);
    return List.copyOf(times);
  }

  private static Figures report(String what, List<Long> times) {
    Figures taken =
        Figures.of(
            times.stream().filter(time -> time != MISSING).mapToLong(time -> time).toArray());
    System.out.print(taken.row(what, times.size() - taken.count()));
    return taken;
  }

  private String answers() {
    StringBuilder text = new StringBuilder();
    for (int status = 0; status < flood.length(); status++) {
      if (flood.get(status) > 0) {
        text.append(text.isEmpty() ? "" : ", ")
            .append(flood.get(status))
            .append(status == 0 ? " × no answer" : " × " + status);
      }
    }
    return text.toString();
  }

  private void begin() {
    hostile = true;
    for (int i = 0; i < FLOODERS; i++) {
      Thread.ofPlatform().daemon().name("flood-" + i).start(this::flood);
    }
    Thread.ofPlatform().daemon().name("slow").start(this::dawdle);
  }

  /** One request after another over one connection, on a schedule. */
  private void flood() {
    byte[] request =
        "GET /bars/%s/menu HTTP/1.1\r\nHost: cinema\r\n\r\n"
            .formatted(BAR)
            .getBytes(StandardCharsets.US_ASCII);
    long start = System.nanoTime();
    long n = 0;
    while (hostile) {
      try (Socket socket = connect()) {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        InputStream answers = new BufferedInputStream(socket.getInputStream());
        while (hostile) {
          long due = start + n++ * TimeUnit.SECONDS.toNanos(1) * FLOODERS / FLOOD;
          LockSupport.parkNanos(due - System.nanoTime());
          socket.getOutputStream().write(request);
          flood.incrementAndGet(status(answers));
        }
      } catch (IOException e) {
        flood.incrementAndGet(0);
      }
    }
  }

  /** Reads an answer whole; its status. */
  private static int status(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended");
      }
      head.append((char) next);
    }
    String length = head.toString().toLowerCase(Locale.ROOT).split("content-length: ")[1];
    in.skipNBytes(Integer.parseInt(length.substring(0, length.indexOf('\r'))));
    return Integer.parseInt(head.substring(9, 12));
  }

  /** Keeps so many connections open, and says a byte on each of them every now and then. */
  private void dawdle() {
    List<Socket> open = new ArrayList<>();
    byte[] begun =
        "POST /orders HTTP/1.1\r\nHost: cinema\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII);
    while (hostile) {
      try {
        while (open.size() < SLOW) {
          Socket socket = connect();
          socket.getOutputStream().write(begun);
          open.add(socket);
        }
      } catch (IOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      open.removeIf(socket -> !saysMore(socket));
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
  }

  private boolean saysMore(Socket socket) {
    try {
      if (socket.getInputStream().available() == 0) {
        socket.getOutputStream().write('x');
        return true;
      }
    } catch (IOException e) {
      // As it should be: it was cut off.
    }
    cutOff.incrementAndGet();
    return false;
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(baseUrl.getHost(), baseUrl.getPort()), 2000);
    return socket;
  }
}
