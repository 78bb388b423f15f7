package dev.shunt.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Answers probes and Prometheus with threads and ports of its own. It listens before any other bean is made, since one of them
 * waits for Postgres and migrates its schema, which may take longer than a start is given: until the others start, probes
 * are told that this lives and is not ready. It ends after everything else, so that a stop that drains is seen to be alive.
 */
public final class ProbeServer implements BeanFactoryPostProcessor, SmartLifecycle, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ProbeServer.class);
    private static final int THREADS = 3;

    /** One page. */
    record Page(String path, boolean metrics, Supplier<Answer> content) {}

    /** What it says now. */
    record Answer(int status, String type, String body) {

        static Answer json(int status, String body) {
            return new Answer(status, "application/json", body);
        }
    }

    private final ProbeSettings settings;
    private final @Nullable InetAddress address;
    private final Function<ConfigurableListableBeanFactory, List<Page>> beforeStart;
    private final List<HttpServer> servers = new ArrayList<>();
    private List<Page> afterStart = List.of();
    private volatile List<Page> pages = List.of();
    private boolean started;
    private @Nullable ExecutorService threads;

    /**
     * @param address null: all of this machine
     * @param beforeStart what is answered while beans are made; it may ask which there are, and make none
     */
    ProbeServer(
            ProbeSettings settings,
            @Nullable InetAddress address,
            Function<ConfigurableListableBeanFactory, List<Page>> beforeStart) {
        this.settings = settings;
        this.address = address;
        this.beforeStart = beforeStart;
    }

    /** What is answered as soon as beans start; the same paths as before. */
    synchronized void onceStarted(List<Page> whole) {
        afterStart = List.copyOf(whole);
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        pages = List.copyOf(beforeStart.apply(beans));
        listen();
    }

    /** Where health is answered; -1 while it is not. */
    public synchronized int port() {
        return servers.isEmpty() ? -1 : servers.getFirst().getAddress().getPort();
    }

    /** Where metrics are answered; -1 while they are not. */
    public synchronized int metricsPort() {
        return servers.isEmpty() ? -1 : servers.getLast().getAddress().getPort();
    }

    @Override
    public synchronized void start() {
        pages = afterStart;
        if (servers.isEmpty()) {
            listen();
        }
        started = true;
    }

    private synchronized void listen() {
        ExecutorService all = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().name("shunt-probes-", 0).factory());
        threads = all;
        boolean apart = settings.metricsApart();
        servers.add(open("shunt.probes.port", settings.port(), all, page -> !apart || !page.metrics()));
        Integer metrics = settings.metricsPort();
        if (apart && metrics != null) {
            servers.add(open("shunt.probes.metrics-port", metrics, all, Page::metrics));
        }
        log.info("Probes are answered on port {}, metrics on port {}.", port(), metricsPort());
    }

    private HttpServer open(String key, int port, ExecutorService executor, Predicate<Page> which) {
        try {
            HttpServer server = HttpServer.create(
                    address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port), 0);
            server.setExecutor(executor);
            server.createContext("/", exchange -> send(exchange, Answer.json(404, "{\"status\":\"no such page\"}")));
            pages.stream()
                    .filter(which)
                    .map(Page::path)
                    .forEach(path -> server.createContext(path, exchange -> answer(exchange, path)));
            server.start();
            return server;
        } catch (IOException taken) {
            throw new WrongSettingException(
                    key, String.valueOf(port), "a port that is free on this machine (" + taken.getMessage() + ")");
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        Answer answer;
        try {
            answer = pages.stream()
                    .filter(page -> page.path().equals(exchange.getRequestURI().getPath()))
                    .findFirst()
                    .map(page -> page.content().get())
                    .orElseGet(() -> Answer.json(404, "{\"status\":\"no such page\"}"));
        } catch (RuntimeException fault) {
            log.error("{} could not be answered; the next probe asks again", path, fault);
            answer = Answer.json(503, "{\"status\":\"unknown\"}");
        }
        send(exchange, answer);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean reading = method.equals("GET") || method.equals("HEAD");
            byte[] body = reading ? answer.body().getBytes(UTF_8) : new byte[0];
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(
                    reading ? answer.status() : 405, method.equals("HEAD") || body.length == 0 ? -1 : body.length);
            if (method.equals("GET")) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public synchronized void stop() {
        started = false;
        servers.forEach(server -> server.stop(0));
        servers.clear();
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return started;
    }

    /** Also where the start failed, and nothing was there to be stopped. */
    @Override
    public void destroy() {
        stop();
    }

    /** Before and after everything else. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
