package dev.shunt.comparison.gates;

import dev.shunt.comparison.CustomQuery;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.json.JsonWriter;

/** Findings as JSON and back. */
final class GateJson {

    private static final JsonWriter<Map<String, Object>> OBJECT = JsonWriter.standard();
    private static final JsonWriter<List<Map<String, Object>>> ARRAY = JsonWriter.standard();

    private GateJson() {}

    static String write(Map<String, Object> values) {
        return OBJECT.writeToString(values);
    }

    static Map<String, Object> read(String json) {
        return JsonParserFactory.getJsonParser().parseMap(json);
    }

    static String findings(List<GateFinding> findings) {
        return ARRAY.writeToString(findings.stream().map(GateJson::values).toList());
    }

    static List<GateFinding> findings(String json) {
        return JsonParserFactory.getJsonParser().parseList(json).stream()
                .map(each -> finding(map(each)))
                .toList();
    }

    /** The gate as the plan had it: its limit and its query are among the facts. */
    static GateSpec spec(GateFinding finding) {
        var facts = new Facts(finding.inputs());
        return new GateSpec(
                finding.gate(),
                finding.mode(),
                facts.has("limit") ? facts.number("limit") : null,
                facts.has("query") ? query(map(finding.inputs().get("query"))) : null);
    }

    /** What {@link #spec} reads. */
    static Facts with(Facts facts, GateSpec spec) {
        CustomQuery query = spec.query();
        facts.with("limit", spec.limit());
        if (query != null) {
            facts.with(
                    "query",
                    Map.of(
                            "kind", query.kind().name(),
                            "url", query.url().toString(),
                            "expression", query.expression(),
                            "good", query.good().name(),
                            "limit", query.limit(),
                            "timeout", query.timeout().toString()));
        }
        return facts;
    }

    private static CustomQuery query(Map<String, Object> values) {
        var facts = new Facts(values);
        return new CustomQuery(
                CustomQuery.Kind.valueOf(facts.text("kind", "")),
                URI.create(facts.text("url", "")),
                facts.text("expression", ""),
                CustomQuery.Good.valueOf(facts.text("good", "")),
                facts.number("limit"),
                Duration.parse(facts.text("timeout", "")));
    }

    private static Map<String, Object> values(GateFinding finding) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("gate", finding.gate());
        values.put("mode", finding.mode().name());
        values.put("outcome", finding.outcome().name());
        values.put("words", finding.words());
        values.put("legacyItems", finding.legacyItems());
        values.put("temporalItems", finding.temporalItems());
        Effect effect = finding.effect();
        if (effect != null) {
            values.put(
                    "effect",
                    Map.of("what", effect.what(), "value", effect.value(), "low", effect.low(), "high", effect.high()));
        }
        finding.itemsNeeded().ifPresent(needed -> values.put("itemsNeeded", needed));
        values.put("inputs", finding.inputs());
        return values;
    }

    private static GateFinding finding(Map<String, Object> values) {
        var facts = new Facts(values);
        return new GateFinding(
                facts.text("gate", ""),
                GateMode.valueOf(facts.text("mode", "")),
                GateOutcome.valueOf(facts.text("outcome", "")),
                facts.text("words", ""),
                facts.count("legacyItems"),
                facts.count("temporalItems"),
                facts.has("effect") ? effect(map(values.get("effect"))) : null,
                facts.has("itemsNeeded") ? OptionalLong.of(facts.count("itemsNeeded")) : OptionalLong.empty(),
                map(values.get("inputs")));
    }

    private static Effect effect(Map<String, Object> values) {
        var facts = new Facts(values);
        return new Effect(facts.text("what", ""), facts.number("value"), facts.number("low"), facts.number("high"));
    }

    @SuppressWarnings("unchecked") // the names in JSON are texts
    static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
