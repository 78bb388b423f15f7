package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Watches for a few seconds what clients ask of Redis. Over a socket of its own: no client library speaks this. */
final class RedisMonitor {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Pattern LINE = Pattern.compile("\\+\\d+\\.\\d+ \\[(\\d+) ([^\\]]+)\\] \"([^\"]+)\"(.*)");
    private static final Pattern ARGUMENT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final RedisURI uri;

    RedisMonitor(String url) {
        this.uri = RedisURI.create(url);
    }

    /**
     * @param onQueue addresses of others that took from the queue, each with its command
     * @param elsewhere addresses that took from other lists, those on the queue perhaps among them
     * @param failure why nothing could be seen; null if it could
     */
    record Seen(
            Map<String, String> onQueue,
            Set<String> elsewhere,
            @Nullable String failure) {}

    /**
     * Ends early when another is seen on the queue.
     *
     * @param another whether the client of this address is somebody else: who watches may take from the queue as well
     */
    Seen watch(Set<String> pops, String queue, Predicate<String> another, Duration atMost) {
        Map<String, String> onQueue = new LinkedHashMap<>();
        Set<String> elsewhere = new HashSet<>();
        long end = System.nanoTime() + atMost.toNanos();
        try (Socket socket = connect()) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            begin(socket.getOutputStream(), in);
            while (onQueue.isEmpty()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                socket.setSoTimeout((int) left);
                String line = in.readLine();
                if (line == null) {
                    break;
                }
                note(line, pops, queue, another, onQueue, elsewhere);
            }
        } catch (SocketTimeoutException over) {
            // the time is up: what was seen is seen
        } catch (IOException refused) {
            return new Seen(onQueue, elsewhere, "MONITOR: " + refused.getMessage());
        }
        return new Seen(onQueue, elsewhere, null);
    }

    private void note(
            String line,
            Set<String> pops,
            String queue,
            Predicate<String> another,
            Map<String, String> onQueue,
            Set<String> elsewhere) {
        Matcher command = LINE.matcher(line);
        if (!command.matches() || !command.group(1).equals(Integer.toString(uri.getDatabase()))) {
            return;
        }
        String pop = command.group(3).toLowerCase(Locale.ROOT);
        if (!pops.contains(pop)) {
            return;
        }
        String address = command.group(2);
        Matcher argument = ARGUMENT.matcher(command.group(4));
        boolean here = false;
        while (argument.find()) {
            here |= argument.group(1).equals(queue);
        }
        if (!here) {
            elsewhere.add(address);
        } else if (another.test(address)) {
            onQueue.put(address, pop);
        }
    }

    private Socket connect() throws IOException {
        if (uri.getHost() == null) {
            throw new IOException("the address of Redis names no single server");
        }
        Socket socket = uri.isSsl() ? SSLSocketFactory.getDefault().createSocket() : new Socket();
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), (int) CONNECT.toMillis());
        socket.setSoTimeout((int) CONNECT.toMillis());
        return socket;
    }

    private void begin(OutputStream out, BufferedReader in) throws IOException {
        var credentials = uri.getCredentialsProvider().resolveCredentials().block(CONNECT);
        if (credentials != null && credentials.hasPassword()) {
            List<String> login = new ArrayList<>(List.of("AUTH"));
            if (credentials.hasUsername()) {
                login.add(credentials.getUsername());
            }
            login.add(new String(credentials.getPassword()));
            ask(out, in, login);
        }
        ask(out, in, List.of("MONITOR"));
    }

    private static void ask(OutputStream out, BufferedReader in, List<String> command) throws IOException {
        var text = new StringBuilder("*" + command.size() + "\r\n");
        command.forEach(part -> text.append('$')
                .append(part.getBytes(UTF_8).length)
                .append("\r\n")
                .append(part)
                .append("\r\n"));
        out.write(text.toString().getBytes(UTF_8));
        out.flush();
        String answer = in.readLine();
        if (answer == null || answer.startsWith("-")) {
            throw new IOException(answer == null ? "the connection was closed" : answer.substring(1));
        }
    }
}
