package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Redis client as small as a producer's can be: {@code LPUSH}, and numbers and names to look at. For one thread. */
public final class RedisList implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 5_000;

    private final Socket socket = new Socket();
    private final BufferedInputStream in;
    private final OutputStream out;

    /**
     * Connects.
     *
     * @param address {@code redis://[user:password@]host:port[/database]}
     */
    public RedisList(URI address) throws IOException {
        try {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream());
            greet(address);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Pushes messages in one step; they are in the list when this returns. After an exception that is not known. */
    public void push(String list, byte[]... messages) throws IOException {
        byte[][] words = new byte[2 + messages.length][];
        words[0] = "LPUSH".getBytes(UTF_8);
        words[1] = list.getBytes(UTF_8);
        System.arraycopy(messages, 0, words, 2, messages.length);
        call(words);
    }

    /** Sends a command that answers with a number. */
    public long number(String... words) throws IOException {
        String reply = call(bytes(words));
        if (!reply.startsWith(":")) {
            throw new IOException("Redis answered " + words[0] + " with " + reply);
        }
        return Long.parseLong(reply.substring(1));
    }

    /** Sends a command that answers with a list of texts. */
    public List<String> texts(String... words) throws IOException {
        String reply = call(bytes(words));
        if (!reply.startsWith("*")) {
            throw new IOException("Redis answered " + words[0] + " with " + reply);
        }
        List<String> read = new ArrayList<>();
        for (int left = Integer.parseInt(reply.substring(1)); left > 0; left--) {
            byte[] text = in.readNBytes(Integer.parseInt(line().substring(1)));
            in.skipNBytes(2);
            read.add(new String(text, UTF_8));
        }
        return read;
    }

    /** Changes a setting of the server until its next start. */
    public void set(String setting, String value) throws IOException {
        call(bytes("CONFIG", "SET", setting, value));
    }

    private static byte[][] bytes(String... words) {
        return Arrays.stream(words).map(word -> word.getBytes(UTF_8)).toArray(byte[][]::new);
    }

    private void greet(URI address) throws IOException {
        if (address.getUserInfo() != null) {
            String[] login = address.getUserInfo().split(":", 2);
            String user = login[0].isEmpty() ? "default" : login[0];
            call("AUTH".getBytes(UTF_8), user.getBytes(UTF_8), login[login.length - 1].getBytes(UTF_8));
        }
        if (address.getPath() != null && address.getPath().length() > 1) {
            call("SELECT".getBytes(UTF_8), address.getPath().substring(1).getBytes(UTF_8));
        }
    }

    private String call(byte[]... words) throws IOException {
        out.write(("*" + words.length + "\r\n").getBytes(UTF_8));
        for (byte[] word : words) {
            out.write(("$" + word.length + "\r\n").getBytes(UTF_8));
            out.write(word);
            out.write("\r\n".getBytes(UTF_8));
        }
        out.flush();
        String reply = line();
        if (reply.startsWith("-")) {
            throw new IOException("Redis answered " + new String(words[0], UTF_8) + " with " + reply.substring(1));
        }
        return reply;
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("Redis closed the connection");
            }
            text.append((char) b);
        }
        in.skipNBytes(1);
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
