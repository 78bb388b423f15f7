package dev.shunt.cli.chaos;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts a stream of Redis's protocol, both versions of it, into whole values, byte for byte. */
final class Resp {

    private final InputStream in;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

    Resp(InputStream in) {
        this.in = new BufferedInputStream(in, 64 * 1024);
    }

    /** The next command or answer as it came; empty at the end. */
    Optional<byte[]> next() throws IOException {
        raw.reset();
        try {
            value();
        } catch (EOFException end) {
            return Optional.empty();
        }
        return Optional.of(raw.toByteArray());
    }

    /** The words of a command; empty if it is none that a client library would send. */
    static List<byte[]> words(byte[] command) throws IOException {
        var words = new ArrayList<byte[]>();
        var rest = new Resp(new ByteArrayInputStream(command));
        String head = rest.line();
        if (!head.startsWith("*")) {
            return List.of();
        }
        for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
            int length = Integer.parseInt(rest.line().substring(1));
            words.add(rest.in.readNBytes(length));
            rest.in.skipNBytes(2);
        }
        return words;
    }

    private void value() throws IOException {
        String head = line();
        switch (head.charAt(0)) {
            case '$', '=', '!' -> bytes(length(head) + 2);
            case '*', '~', '>' -> values(length(head));
            case '%' -> values(2 * length(head));
            case '|' -> values(2 * length(head) + 1); // attributes, and then what they belong to
            default -> {
                // All of it was in the line.
            }
        }
    }

    private void values(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            value();
        }
    }

    private void bytes(int count) throws IOException {
        if (count < 2) { // of an absent text nothing follows
            return;
        }
        byte[] read = in.readNBytes(count);
        if (read.length < count) {
            throw new EOFException();
        }
        raw.write(read);
    }

    private static int length(String head) {
        return Integer.parseInt(head.substring(1));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            raw.write(b);
            line.append((char) b);
        }
        raw.write('\n');
        return line.toString().strip();
    }
}
