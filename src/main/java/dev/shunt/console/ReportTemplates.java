package dev.shunt.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/** Writes the report for people. What a page says is put into words by {@link ReportPage}; templates only arrange it. */
@Component
final class ReportTemplates {

    private final TemplateEngine html = engine(TemplateMode.HTML, ".html");
    private final TemplateEngine text = engine(TemplateMode.TEXT, ".md");

    private final String style = style();

    /** One file that needs nothing else: style and charts are inside, there is no script. */
    String html(WindowReport report) {
        return html.process(
                "report",
                new Context(Locale.ROOT, Map.of("page", ReportPage.of(report, ReportPage.PLAIN), "style", style)));
    }

    /** A page that is served, with its style and script in files of their own. */
    String page(String template, Map<String, @Nullable Object> model) {
        return html.process(template, new Context(Locale.ROOT, Map.copyOf(present(model))));
    }

    String markdown(WindowReport report) {
        return text.process(
                "report", new Context(Locale.ROOT, Map.of("page", ReportPage.of(report, ReportPage.MARKDOWN))));
    }

    private static Map<String, Object> present(Map<String, @Nullable Object> model) {
        Map<String, Object> present = new HashMap<>();
        model.forEach((name, value) -> {
            if (value != null) {
                present.put(name, value);
            }
        });
        return present;
    }

    private static String style() {
        try (InputStream file = ReportTemplates.class.getResourceAsStream("/static/console/base.css")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("the jar is broken: static/console/base.css cannot be read", broken);
        }
    }

    private static TemplateEngine engine(TemplateMode mode, String suffix) {
        var resolver = new ClassLoaderTemplateResolver(ReportTemplates.class.getClassLoader());
        resolver.setTemplateMode(mode);
        resolver.setPrefix("templates/");
        resolver.setSuffix(suffix);
        resolver.setCharacterEncoding("UTF-8");
        var engine = new TemplateEngine();
        engine.setTemplateResolver(resolver);
        return engine;
    }
}
