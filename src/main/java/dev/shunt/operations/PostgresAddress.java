package dev.shunt.operations;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where Postgres is, from the variables that the old systems used.
 *
 * @param jdbcUrl for the driver; without user and password if they are given apart
 */
record PostgresAddress(
        String jdbcUrl, @Nullable String user, @Nullable String password) {

    static final String FORM = "postgres://user:password@host:port/database?sslmode=...";

    private static final String URL = "DATABASE_URL";
    private static final List<String> PARTS = List.of(
            "POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "POSTGRES_SSLMODE");
    private static final String[] SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
    private static final int USUAL_PORT = 5432;

    /** DATABASE_URL if it is set, else POSTGRES_HOST and its companions; empty if neither is. */
    static Optional<PostgresAddress> from(Variables variables) {
        Optional<String> url = variables.text(URL);
        Optional<String> host = variables.text("POSTGRES_HOST");
        if (url.isPresent() && host.isPresent()) {
            throw new WrongSettingException(
                    URL + " and POSTGRES_HOST",
                    "both set",
                    "set one without the other, so that it is clear which counts");
        }
        if (url.isPresent()) {
            return Optional.of(parse(url.get()));
        }
        if (host.isPresent()) {
            return Optional.of(assemble(host.get(), variables));
        }
        for (String part : PARTS) {
            if (variables.text(part).isPresent()) {
                throw new WrongSettingException(
                        "POSTGRES_HOST", "", "the name of the Postgres server, because " + part + " is set");
            }
        }
        return Optional.empty();
    }

    private static PostgresAddress assemble(String host, Variables variables) {
        if (!host.matches("[^\\s/:@?#]+|\\[[0-9a-fA-F:.]+]")) {
            throw new WrongSettingException("POSTGRES_HOST", host, "a host name without port or path");
        }
        int port = variables.port("POSTGRES_PORT").orElse(USUAL_PORT);
        String user = variables.text("POSTGRES_USER").orElse("postgres");
        String database = variables.text("POSTGRES_DB").orElse(user);
        String query = variables
                .oneOf("POSTGRES_SSLMODE", SSL_MODES)
                .map(mode -> "?sslmode=" + mode)
                .orElse("");
        return new PostgresAddress(
                "jdbc:postgresql://" + host + ":" + port + "/" + encode(database) + query,
                user,
                variables.text("POSTGRES_PASSWORD").orElse(null));
    }

    private static PostgresAddress parse(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return new PostgresAddress(url, null, null);
        }
        URI uri = uri(url);
        String path = Optional.ofNullable(uri.getPath()).orElse("");
        if (!List.of("postgres", "postgresql").contains(String.valueOf(uri.getScheme()))
                || uri.getHost() == null
                || path.length() < 2) {
            throw wrong(url);
        }
        String[] login = Optional.ofNullable(uri.getRawUserInfo()).orElse("").split(":", 2);
        return new PostgresAddress(
                "jdbc:postgresql://" + uri.getHost() + ":" + (uri.getPort() < 0 ? USUAL_PORT : uri.getPort()) + "/"
                        + encode(path.substring(1)) + query(uri, url),
                login[0].isEmpty() ? null : decode(login[0]),
                login.length < 2 ? null : decode(login[1]));
    }

    /** Only what libpq and the driver call by the same name is passed on; the rest would be ignored in silence. */
    private static String query(URI uri, String url) {
        if (uri.getRawQuery() == null) {
            return "";
        }
        Map<String, String> known = new LinkedHashMap<>();
        for (String pair : uri.getRawQuery().split("&")) {
            String[] parts = pair.split("=", 2);
            switch (parts[0]) {
                case "sslmode" -> {
                    if (parts.length < 2 || !List.of(SSL_MODES).contains(parts[1])) {
                        throw new WrongSettingException(
                                URL,
                                withoutPassword(url),
                                FORM + " with sslmode one of " + String.join(", ", SSL_MODES));
                    }
                    known.put("sslmode", parts[1]);
                }
                // Prisma's word for a search path; its others (connection_limit, pool_timeout) concern its own pool.
                case "schema" -> known.put("currentSchema", parts.length < 2 ? "" : parts[1]);
                case "connection_limit", "pool_timeout", "pgbouncer" -> {}
                case "sslrootcert", "sslcert", "sslkey", "options" ->
                    known.put(parts[0], parts.length < 2 ? "" : parts[1]);
                case "application_name" -> known.put("ApplicationName", parts.length < 2 ? "" : parts[1]);
                case "connect_timeout" -> known.put("connectTimeout", parts.length < 2 ? "" : parts[1]);
                default ->
                    throw new WrongSettingException(
                            URL, withoutPassword(url), FORM + ", without " + parts[0] + ", which Shunt does not know");
            }
        }
        return known.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("&", "?", ""));
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw wrong(url);
        }
    }

    private static WrongSettingException wrong(String url) {
        return new WrongSettingException(URL, withoutPassword(url), FORM + " or jdbc:postgresql://host:port/database");
    }

    /** The password ends at the last @ before the path, also when it holds characters that it should not. */
    static String withoutPassword(String url) {
        int login = url.indexOf("://");
        int at = url.lastIndexOf('@');
        int colon = login < 0 ? -1 : url.indexOf(':', login + 3);
        return colon < 0 || at < colon ? url : url.substring(0, colon + 1) + "***" + url.substring(at);
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
