package io.beringia.scenarios.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are wrong, so that the suite is seen to say so. */
final class WrongServerTest {
    /** What nobody can be wrong about in the open. */
    private static final String NEEDS_TLS = "the target is tested in the open";

    private static final List<WrongServer.Wrong> WRONG =
            List.of(WrongServer::takesAll, WrongServer::refusesAll, WrongServer::knowsBytesAlone, WrongServer.LEAVES);

    /** Every case of the group against each of these servers, all at once: most of it is waiting. */
    private static List<CaseResult> play(String group, List<WrongServer.Wrong> servers) throws Exception {
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CaseResult>> played = ConnectSuite.cases().stream()
                    .filter(one -> one.group().equals(group))
                    .flatMap(one -> servers.stream().map(wrong -> all.submit(() -> WrongServer.play(one, wrong))))
                    .toList();
            List<CaseResult> results = new ArrayList<>();
            for (Future<CaseResult> one : played) {
                results.add(one.get());
            }
            return results;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"request", "fields", "authority", "tunnel", "end", "streams", "flow", "frames", "hpack", "hbone"
            })
    void there_is_a_wrong_server_at_which_a_case_fails(String group) throws Exception {
        Map<String, String> reasons = play(group, WRONG).stream()
                .collect(Collectors.groupingBy(
                        result -> result.of().name(),
                        Collectors.mapping(WrongServerTest::why, Collectors.joining("\n"))));
        assertThat(reasons.values()).as("cases that no wrong server fails").noneMatch(String::isBlank);
        assertThat(reasons.values())
                .as("failures by what was said, not by silence")
                .anyMatch(why ->
                        why.lines().anyMatch(line -> line.contains("(expected: ") && !line.contains("nothing in")));
    }

    private static String why(CaseResult result) {
        return switch (result) {
            case CaseResult.Passed _ -> "";
            case CaseResult.Skipped _ -> NEEDS_TLS;
            case CaseResult.Failed failed -> failed.why();
        };
    }

    @Test
    void a_server_that_takes_everything_fails_where_something_is_malformed() throws Exception {
        List<CaseResult> results = play("fields", List.of(WrongServer::takesAll));
        assertThat(results)
                .filteredOn(CaseResult.Passed.class::isInstance)
                .extracting(passed -> passed.of().name())
                .allMatch(name ->
                        name.startsWith("te_trailers_is_no_fault") || name.startsWith("fields_that_mean_nothing"));
        assertThat(results.getFirst())
                .isInstanceOfSatisfying(
                        CaseResult.Failed.class,
                        failed -> assertThat(failed.why())
                                .isEqualTo("step 2: stream 1: status 200"
                                        + " (expected: RST_STREAM(PROTOCOL_ERROR), or a status of 4xx)"));
    }

    @Test
    void a_server_that_says_nothing_fails_and_what_needs_tls_is_skipped() throws Exception {
        List<CaseResult> results = play("hbone", List.of((frame, said) -> {}));
        assertThat(results).noneMatch(CaseResult.Passed.class::isInstance);
        assertThat(results).filteredOn(CaseResult.Skipped.class::isInstance).hasSize(2);
        assertThat(ScoreTable.score(results)).isEqualTo("0/" + (results.size() - 2));
        assertThat(ScoreTable.print(results)).contains("NOT hbone/a_connect_as_ztunnel_sends_it_opens_a_tunnel");
        assertThat(ScoreJson.of(results)).containsEntry("score", "0/" + (results.size() - 2));
    }
}
