package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The status page of the whole service: what it shows, what it lets through, and the red button. */
class StatusPageTest extends BridgeSuite {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Pattern TOKEN = Pattern.compile("name=\"shunt-form\" value=\"([0-9a-f]{32})\"");
    private static final Pattern EPOCH = Pattern.compile("name=\"epoch\" value=\"(\\d+)\"");

    @AfterEach
    void endTheRollout() {
        client().post("/api/v1/rollouts/trace/rollback", "{\"reason\":\"end of the test\"}");
        sql.sql("delete from rollout").update(); // as if none was ever started
    }

    @Test
    void shows_the_ladder_the_verdict_latency_and_where_items_are() {
        assertThat(client().post(
                                "/api/v1/rollouts/trace/start",
                                "{\"reason\":\"the page is tested\",\"override\":true}",
                                "If-Match",
                                "*")
                        .status())
                .isEqualTo(200);
        for (int i = 0; i < 40; i++) {
            assertThat(send("page", "{\"name\":\"n\",\"trace_id\":\"page-" + i + "\"}")
                            .status())
                    .isEqualTo(202);
        }

        await().atMost(SOON).untilAsserted(this::assertMeasuredShareIsBesideTheTarget);
        await().atMost(SOON).untilAsserted(this::assertBothLatenciesAreSideBySide);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client().get("/").body())
                        .contains("10 % to Temporal", "Running, phase")
                        .contains("here, running", "of 7 d left", "Promote to 50 %", "Hold here", "Not now:")
                        .contains("bakes until")
                        .contains("What came over HTTP", "accept to commit, legacy", "Where items are")
                        .contains("the page is tested")
                        .contains("Nothing is wrong so far; more items are needed"));
    }

    /** In the ladder at the phase's own rung, and under the percentage: what the ledger says was decided lately. */
    private void assertMeasuredShareIsBesideTheTarget() {
        long temporal = count("decided_route = 'TEMPORAL' and accepted_at > now() - interval '5 minutes'");
        long all = count("accepted_at > now() - interval '5 minutes'");
        assertThat(temporal).isBetween(1L, all - 1);
        String share = String.format(Locale.ROOT, "%.1f %%", 100.0 * temporal / all);
        assertThat(texts())
                .contains("|measured " + share + " of " + all + " items in the last 5 minutes|")
                .contains("|10 %|ten: here, running|measured " + share + "|")
                .contains("|50 %|fifty: ahead|bakes ", "|100 %|hundred: ahead|bakes ");
    }

    /** One row of figures for each route, those that the comparison gives for the same items. */
    private void assertBothLatenciesAreSideBySide() {
        JsonNode hour = client().get("/api/v1/comparison/trace?from="
                        + Instant.now().minus(1, ChronoUnit.HOURS))
                .json();
        String page = texts();
        for (String route : List.of("LEGACY", "TEMPORAL")) {
            JsonNode measured = hour.at("/routes/" + route + "/ways/HTTP/stages/ACCEPT_TO_COMMIT");
            assertThat(measured.path("n").asLong())
                    .isPositive()
                    .isEqualTo(count("executed_route = '" + route + "' and state = 'DONE' and way_in = 'HTTP'"));
            assertThat(page)
                    .contains("|accept to commit, " + route.toLowerCase(Locale.ROOT) + "|"
                            + measured.path("n").asLong() + "|" + millis(measured, "p50Ms") + "|"
                            + millis(measured, "p90Ms") + "|" + millis(measured, "p95Ms") + "|"
                            + millis(measured, "p99Ms") + "|");
        }
    }

    private static String millis(JsonNode measured, String quantile) {
        double millis = measured.path(quantile).asDouble();
        return String.format(Locale.ROOT, millis < 100 ? "%.1f" : "%,.0f", millis);
    }

    @Test
    void shows_each_group_of_divergences_with_how_many_and_an_example_of_both_values() {
        for (int i = 1; i <= 2; i++) {
            sql.sql("""
                    insert into divergence (workload, kind, path, path_pattern, expected, actual, item_key, route, epoch,
                        found_by, first_seen, last_seen)
                    values ('trace', 'VALUE', ?, 'spans[].level', 'DEFAULT', 'ERROR <b>', ?, 'TEMPORAL', 1,
                        'SHADOW', timestamptz '2026-01-02 03:04:05Z', now())
                    """)
                    .params("spans[s" + i + "].level", "page:t" + i + ":0123456789abcdef")
                    .update();
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(texts())
                        .contains("|VALUE|at|spans[].level|2|distinct")
                        .contains("|new|, found by shadow|;|2026-01-02 03:04:05 to ")
                        .contains("|spans[s1].level|DEFAULT|ERROR &lt;b&gt;|page:t1:0123456789abcdef|TEMPORAL|")
                        .contains("|spans[s2].level|DEFAULT|ERROR &lt;b&gt;|page:t2:0123456789abcdef|TEMPORAL|"));
        JsonNode groups = client().get("/api/v1/divergences/groups?workload=trace").json();
        assertThat(groups.valueStream().filter(group -> group.path("path")
                        .asString()
                        .equals("spans[].level")))
                .singleElement()
                .satisfies(group -> assertThat(group.path("count").asInt()).isEqualTo(2));
    }

    @Test
    void carries_a_strict_policy_and_nothing_inline_and_all_that_it_names_is_there() {
        Client.Answer page = client().get("/?workload=trace");

        assertThat(page.status()).isEqualTo(200);
        assertThat(header(page, "content-type")).startsWith("text/html");
        assertThat(header(page, "content-security-policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                        + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        for (String html : List.of(
                page.body(),
                client().get("/console/figures").body(),
                client().get("/console/rollback").body())) {
            assertThat(html).doesNotContainPattern("(?i)<[^>]*\\s(on[a-z]+|style)\\s*=");
            assertThat(html).doesNotContainPattern("(?i)<style|javascript:|<script(?![^>]*\\ssrc=)");
            assertThat(html).doesNotContain("th:", "://", "${");
        }
        Matcher files = Pattern.compile("(?:src|href)=\"(/console/[^\"?]+\\.(?:css|js))\"")
                .matcher(page.body());
        assertThat(files.results().map(file -> client().get(file.group(1)).status()))
                .hasSize(3)
                .containsOnly(200);
    }

    @Test
    void one_click_rolls_back_and_the_page_that_answers_proves_it() {
        client().percentage(100);
        assertThat(send("page", "{\"name\":\"rolled back\"}").text("route")).isEqualTo("TEMPORAL");
        String token = token();

        Client.Answer ordered = order("/console/rollback", "workload=trace&reason=&shunt-form=" + token, token);

        assertThat(ordered.status()).as(ordered.body()).isEqualTo(303);
        String proof = header(ordered, "location");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client().get(proof).body())
                        .contains(
                                "This instance obeyed at once",
                                "ordered on the status page, without a reason",
                                "obeys"));
        assertThat(client().get("/api/v1/rollouts/trace")
                        .json()
                        .path("percentage")
                        .asDouble())
                .isZero();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client().get(proof).body())
                        .containsPattern("Complete at [-0-9: ]+ UTC, took [0-9]")
                        .contains("0 on Temporal now")
                        .doesNotContain("http-equiv=\"refresh\""));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client().get("/").body())
                        .contains("0 % to Temporal", "Last rollback", "Complete at"));
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Sec-Fetch-Site, none",
        "Origin, http://elsewhere.example",
        "Origin, null",
        "X-Forwarded-For, 192.0.2.1",
    })
    void an_order_that_another_page_made_a_browser_send_is_refused(String header, String value) {
        client().percentage(20);
        String token = token();

        Client.Answer refused = order("/console/rollback", "workload=trace&shunt-form=" + token, token, header, value);

        assertThat(refused.status()).as(refused.body()).isEqualTo(403);
        assertThat(client().get("/api/v1/rollouts/trace")
                        .json()
                        .path("percentage")
                        .asDouble())
                .isEqualTo(20.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&shunt-form=", "&shunt-form=0123456789abcdef0123456789abcdef"})
    void an_order_without_the_token_of_its_page_is_refused(String field) {
        client().percentage(20);

        Client.Answer refused = order("/console/rollback", "workload=trace" + field, token());

        assertThat(refused.status()).as(refused.body()).isEqualTo(403);
        assertThat(client().get("/api/v1/rollouts/trace")
                        .json()
                        .path("percentage")
                        .asDouble())
                .isEqualTo(20.0);
    }

    @Test
    void a_browser_that_vouches_for_the_page_may_order_though_its_cookie_is_gone() {
        Client.Answer ordered = order("/console/rollback", "workload=trace", "gone", "Sec-Fetch-Site", "same-origin");

        assertThat(ordered.status()).as(ordered.body()).isEqualTo(303);
    }

    @Test
    void a_step_is_taken_or_refused_in_words_and_never_on_what_is_out_of_date() {
        String token = token();
        String epoch = epoch();
        String form = "workload=trace&shunt-form=" + token + "&epoch=" + epoch + "&reason=";

        assertThat(order("/console/steps/start", form + words("on the page, by hand") + "&override=true", token)
                        .status())
                .isEqualTo(303);
        Client.Answer overtaken = order("/console/steps/hold", form + "late", token);
        assertThat(overtaken.status()).isEqualTo(409);
        assertThat(overtaken.body()).contains("Somebody was first", "console (unverified)", "on the page, by hand");

        String now = "workload=trace&shunt-form=" + token + "&epoch=" + epoch() + "&reason=";
        Client.Answer early = order("/console/steps/promote", now + "early", token);
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.body()).contains("Refused", "bakes until", "It can be overridden");
        assertThat(order("/console/steps/hold", now + words("wait for <b>Ana</b>"), token)
                        .status())
                .isEqualTo(303);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client().get("/").body())
                        .contains("Held, phase", "wait for &lt;b&gt;Ana&lt;/b&gt;", "Resume")
                        .doesNotContain("<b>Ana"));
    }

    /** The page's texts in their order, each once between bars, without its tags. */
    private String texts() {
        return client().get("/").body().replaceAll("<[^>]+>", "|").replaceAll("\\s*\\|[|\\s]*", "|");
    }

    private long count(String where) {
        return sql.sql("select count(*) from ledger where " + where)
                .query(Long.class)
                .single();
    }

    private String token() {
        Matcher token = TOKEN.matcher(client().get("/").body());
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    /** As the page shows it, once it shows the newest: its figures are a moment old. */
    private String epoch() {
        String newest =
                client().get("/api/v1/rollouts/trace").json().path("epoch").asString("");
        await().atMost(SOON).untilAsserted(() -> assertThat(shownEpoch()).isEqualTo(newest));
        return newest;
    }

    private String shownEpoch() {
        Matcher epoch = EPOCH.matcher(client().get("/").body());
        return epoch.find() ? epoch.group(1) : "none";
    }

    private Client.Answer order(String path, String form, String cookie, String... header) {
        String[] headers = new String[4 + header.length];
        headers[0] = "Content-Type";
        headers[1] = FORM;
        headers[2] = "Cookie";
        headers[3] = "shunt-form=" + cookie;
        System.arraycopy(header, 0, headers, 4, header.length);
        return client().form(path, form, headers);
    }

    private static String words(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static String header(Client.Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }
}
