package dev.shunt.console;

import java.util.Locale;
import java.util.Map;
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

    /** One file that needs nothing else: style and charts are inside, there is no script. */
    String html(WindowReport report) {
        return html.process(
                "report", new Context(Locale.ROOT, Map.of("page", ReportPage.of(report, ReportPage.PLAIN))));
    }

    String markdown(WindowReport report) {
        return text.process(
                "report", new Context(Locale.ROOT, Map.of("page", ReportPage.of(report, ReportPage.MARKDOWN))));
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
