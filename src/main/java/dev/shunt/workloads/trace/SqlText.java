package dev.shunt.workloads.trace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads a statement that is long enough to deserve a file of its own. */
final class SqlText {

    private SqlText() {}

    static String of(String resource) {
        try (InputStream text = SqlText.class.getClassLoader().getResourceAsStream(resource)) {
            if (text == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the application");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
