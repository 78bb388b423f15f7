package dev.shunt.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * What Tomcat refuses before it comes to us, for example a malformed request line, is answered as everything else is:
 * a problem detail under {@code /api}, plain text elsewhere. Public for Tomcat, which makes it.
 */
public final class PlainErrorValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(PlainErrorValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable fault) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        HttpStatus known = HttpStatus.resolve(status);
        String title = known == null ? "Refused" : known.getReasonPhrase();
        String path = request.getRequestURI();
        boolean api = path != null && path.startsWith("/api/");
        try {
            response.setContentType(api ? "application/problem+json" : "text/plain");
            response.setCharacterEncoding(UTF_8.name());
            Writer writer = response.getReporter();
            if (writer != null) {
                writer.write(
                        api
                                ? "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + "}"
                                : status + " " + title + "\n");
                response.finishResponse();
            }
        } catch (IOException gone) {
            log.debug("Who was refused with {} is gone already: {}", status, gone.getMessage());
        }
    }
}
