package dev.shunt.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who may see the status page and order from it: whoever may call {@code /api/v1}. A browser sends the token as the
 * password that it asked for; the name is taken as who it is. Since a browser sends that by itself, an order must also come
 * from our own page: by what the browser says of its origin, and where it says nothing, by a {@link FormToken}.
 */
final class PageGuard extends OncePerRequestFilter {

    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final String BASIC = "Basic ";
    private static final String NOBODY = "console";
    private static final Set<String> ONLY_READ = Set.of("GET", "HEAD");

    private final byte @Nullable [] token;

    PageGuard(@Nullable String token) {
        this.token = token == null ? null : token.getBytes(UTF_8);
    }

    /** The name that was given with the password; {@code console} if there was none. */
    static String who(HttpServletRequest request) {
        String credentials = credentials(request);
        String name = credentials == null ? "" : credentials.substring(0, credentials.indexOf(':'));
        return name.isBlank() ? NOBODY : name;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        byte[] wanted = token;
        boolean reads = ONLY_READ.contains(request.getMethod());
        if (wanted != null && !ApiGuard.hasToken(request, wanted) && !hasPassword(request, wanted)) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Shunt\", charset=\"UTF-8\"");
            refuse(response, 401, "Give your name, and shunt.api.token as the password.");
        } else if (wanted == null && !ApiGuard.isFromHere(request)) {
            refuse(response, 403, "This page is for this machine only; set shunt.api.token to open it.");
        } else if (reads ? !mayRead(request) : !isOwnOrder(request)) {
            refuse(response, 403, "This did not come from Shunt's own page: open it anew, and order there.");
        } else {
            chain.doFilter(request, response);
        }
    }

    /** A link on somebody's page may lead here; a script, picture or frame of it may not ask. */
    private static boolean mayRead(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site == null
                || site.equals("same-origin")
                || site.equals("none")
                || ("navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                        && "document".equals(request.getHeader("Sec-Fetch-Dest")));
    }

    private static boolean isOwnOrder(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin"); // no page can make a browser say so
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return (origin == null || isOwn(origin, request)) && FormToken.matches(request);
    }

    private static boolean isOwn(String origin, HttpServletRequest request) {
        try {
            String authority = URI.create(origin).getAuthority();
            String host = request.getHeader(HttpHeaders.HOST);
            return authority != null && host != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    static boolean hasPassword(HttpServletRequest request, byte[] wanted) {
        String credentials = credentials(request);
        return credentials != null
                && MessageDigest.isEqual(
                        credentials.substring(credentials.indexOf(':') + 1).getBytes(UTF_8), wanted);
    }

    /** {@code name:password}; null if the request has none. */
    private static @Nullable String credentials(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            String text = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), UTF_8);
            return text.indexOf(':') < 0 ? null : text;
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
    }

    private static void refuse(HttpServletResponse response, int status, String words) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain");
        response.setCharacterEncoding(UTF_8.name().toLowerCase(Locale.ROOT));
        response.getWriter().write(words + "\n");
    }
}
