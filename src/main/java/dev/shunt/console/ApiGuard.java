package dev.shunt.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who may call {@code /api/v1}: clients on this machine, or with a token set, whoever has the token.
 *
 * <p>Links of the status page must work in a browser, which sends the token as a password; that is enough to read, and not to
 * order, since a browser sends it by itself. Without a token a request must not only come from loopback, it must also be meant for us: not passed on by a proxy,
 * and not sent by a web page of somebody else in a browser on this machine.
 */
final class ApiGuard extends OncePerRequestFilter {

    private static final String BEARER = "Bearer ";
    private static final Set<String> OWN_PAGES = Set.of("same-origin", "none");

    private final byte @Nullable [] token;

    ApiGuard(@Nullable String token) {
        this.token = token == null ? null : token.getBytes(UTF_8);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        byte[] wanted = token;
        if (wanted != null) {
            if (hasToken(request, wanted)
                    || (request.getMethod().equals("GET") && PageGuard.hasPassword(request, wanted))) {
                chain.doFilter(request, response);
            } else {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
                refuse(response, 401, "Unauthorized", "send the header Authorization: Bearer <shunt.api.token>");
            }
        } else if (isLocal(request)) {
            chain.doFilter(request, response);
        } else {
            refuse(
                    response,
                    403,
                    "Forbidden",
                    "/api/v1 answers clients on this machine only; set shunt.api.token to open it");
        }
    }

    static boolean hasToken(HttpServletRequest request, byte[] wanted) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        header.substring(BEARER.length()).strip().getBytes(UTF_8), wanted);
    }

    private static boolean isLocal(HttpServletRequest request) {
        String page = request.getHeader("Sec-Fetch-Site");
        return (page == null || OWN_PAGES.contains(page)) && isFromHere(request);
    }

    /** Sent on this machine, and to a name of this machine. */
    static boolean isFromHere(HttpServletRequest request) {
        return isLoopback(request.getRemoteAddr())
                && request.getHeader("X-Forwarded-For") == null
                && request.getHeader("Forwarded") == null
                && isLocalName(request.getServerName());
    }

    /** A foreign page can point a name of its own at 127.0.0.1; it cannot make the browser send our name. */
    private static boolean isLocalName(String host) {
        return host.equalsIgnoreCase("localhost") || (isAddress(host) && isLoopback(host));
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    static void refuse(HttpServletResponse response, int status, String title, String detail) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(UTF_8.name());
        response.getWriter()
                .write("{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                        + detail + "\"}");
    }
}
