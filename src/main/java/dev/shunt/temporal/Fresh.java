package dev.shunt.temporal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files say, read again when one of them has another time. What cannot be read stays what it was, and is tried again
 * at the next look: a rotation replaces files one after the other.
 */
final class Fresh<T> {

    private static final Logger log = LoggerFactory.getLogger(Fresh.class);

    private final List<Path> files;
    private final Supplier<T> reading;
    private List<FileTime> times;
    private T last;

    /** @param reading what makes the value of the files; what it throws at the first time is thrown here */
    Fresh(List<Path> files, Supplier<T> reading) {
        this.files = files;
        this.reading = reading;
        this.times = times(files);
        this.last = reading.get();
    }

    synchronized T get() {
        List<FileTime> now = times(files);
        if (!now.equals(times)) {
            try {
                last = reading.get();
                times = now;
                log.info("{} changed; new connections to Temporal use what is there now.", files);
            } catch (RuntimeException unfinished) {
                log.warn(
                        "{} changed and cannot be used: {}. What was read before holds; the next connection tries again.",
                        files,
                        unfinished.getMessage());
            }
        }
        return last;
    }

    private static List<FileTime> times(List<Path> files) {
        return files.stream().map(Fresh::time).toList();
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0); // reading it says what is wrong
        }
    }
}
