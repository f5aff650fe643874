package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class LabStateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final LabState EMPTY = LabState.emptyAt(1);
    private static final ObjectKey SHOP = ObjectKey.namespace("shop");
    private static final ObjectKey CART = new ObjectKey(LabKind.POD, "shop", "cart");

    private static LabState after(LabState state, LabWrite... writes) {
        LabState next = state;
        for (LabWrite write : writes) {
            next = next.step(write, NOW).state();
        }
        return next;
    }

    private static LabAnswer answer(LabState state, LabWrite write) {
        return state.step(write, NOW).answer();
    }

    private static ObjectNode json(String yaml) {
        return (ObjectNode) JsonText.readYaml(yaml);
    }

    private static LabState shop() {
        return after(
                EMPTY, new LabWrite.Create(SHOP, json("{}")), new LabWrite.Create(CART, json("{spec: {nodeName: a}}")));
    }

    @Test
    void a_created_object_has_what_an_api_server_adds() {
        ObjectNode pod = shop().object(CART).orElseThrow().json();

        assertThat(pod.path("kind").asString("")).as("kind").isEqualTo("Pod");
        assertThat(pod.at("/metadata/uid").asString("")).as("uid").hasSize(36);
        assertThat(pod.at("/metadata/creationTimestamp").asString(""))
                .as("time")
                .isEqualTo("2026-01-01T00:00:00Z");
        assertThat(pod.at("/metadata/resourceVersion").asString(""))
                .as("version")
                .isEqualTo("3");
        assertThat(pod.at("/status/phase").asString("")).as("phase").isEqualTo("Pending");
    }

    @Test
    void a_second_creation_and_one_without_namespace_are_refused() {
        assertThat(answer(shop(), new LabWrite.Create(CART, json("{}"))))
                .as("second")
                .isEqualTo(new LabAnswer.Refused(Refusal.ALREADY_EXISTS, "pods \"cart\" already exists"));
        assertThat(answer(EMPTY, new LabWrite.Create(CART, json("{}"))))
                .as("homeless")
                .isEqualTo(new LabAnswer.Refused(Refusal.NOT_FOUND, "namespaces \"shop\" not found"));
    }

    @Test
    void a_writer_who_has_not_seen_the_latest_is_refused() {
        LabState state = after(
                shop(),
                new LabWrite.Change(CART, LabWrite.Part.WHOLE, PatchRules.MERGE, json("{metadata: {labels: {a: b}}}")));

        LabAnswer answer = answer(
                state, new LabWrite.Replace(CART, LabWrite.Part.WHOLE, json("{metadata: {resourceVersion: '3'}}")));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        LabAnswer.Refused.class,
                        refused -> assertThat(refused.why()).as("why").isEqualTo(Refusal.CONFLICT));
    }

    @Test
    void status_is_written_through_status_only_and_the_rest_never_through_it() {
        ObjectNode both = json("{metadata: {labels: {a: b}}, spec: {nodeName: z}, status: {phase: Running}}");

        ObjectNode whole = after(shop(), new LabWrite.Change(CART, LabWrite.Part.WHOLE, PatchRules.MERGE, both))
                .object(CART)
                .orElseThrow()
                .json();
        ObjectNode status = after(shop(), new LabWrite.Change(CART, LabWrite.Part.STATUS, PatchRules.MERGE, both))
                .object(CART)
                .orElseThrow()
                .json();

        assertThat(whole.at("/status/phase").asString(""))
                .as("status of a whole write")
                .isEqualTo("Pending");
        assertThat(whole.at("/spec/nodeName").asString(""))
                .as("spec of a whole write")
                .isEqualTo("z");
        assertThat(status.at("/status/phase").asString(""))
                .as("status of a status write")
                .isEqualTo("Running");
        assertThat(status.at("/spec/nodeName").asString(""))
                .as("spec of a status write")
                .isEqualTo("a");
    }

    @Test
    void a_write_that_changes_nothing_costs_no_version() {
        LabState before = shop();

        LabState after = after(
                before,
                new LabWrite.Change(CART, LabWrite.Part.WHOLE, PatchRules.MERGE, json("{spec: {nodeName: a}}")));

        assertThat(after.version()).as("version").isEqualTo(before.version());
        assertThat(after.history()).as("history").isEqualTo(before.history());
    }

    @Test
    void a_namespace_takes_its_objects_with_it() {
        LabState state = after(shop(), new LabWrite.Delete(SHOP));

        assertThat(state.objects()).as("objects").isEmpty();
        assertThat(state.history())
                .extracting(LabChange::key)
                .as("history")
                .containsExactly(SHOP, CART, SHOP, CART, CART);
    }

    @Test
    void a_manifest_keeps_status_and_identity_and_takes_away_only_what_it_gave() {
        LabState first = after(EMPTY, new LabWrite.Manifests(Map.of(CART, json("{spec: {nodeName: a}}")), List.of()));
        LabState ready = after(
                first,
                new LabWrite.Change(CART, LabWrite.Part.STATUS, PatchRules.MERGE, json("{status: {phase: Running}}")));
        LabState again = after(ready, new LabWrite.Manifests(Map.of(CART, json("{spec: {nodeName: b}}")), List.of()));
        LabState gone = after(again, new LabWrite.Manifests(Map.of(), List.of(CART)));

        ObjectNode pod = again.object(CART).orElseThrow().json();
        assertThat(pod.at("/spec/nodeName").asString("")).as("the new spec").isEqualTo("b");
        assertThat(pod.at("/status/phase").asString("")).as("the status").isEqualTo("Running");
        assertThat(pod.at("/metadata/uid"))
                .as("uid")
                .isEqualTo(first.object(CART).orElseThrow().json().at("/metadata/uid"));
        assertThat(gone.objects().keySet()).as("what stays").containsExactly(SHOP);
    }

    @Test
    void who_saw_a_forgotten_version_must_list_again_and_who_saw_a_future_one_waits() {
        LabState state = after(shop(), new LabWrite.Compact());

        assertThat(state.changesAfter(state.version() - 1)).as("forgotten").isEmpty();
        assertThat(state.changesAfter(state.version() + 1))
                .as("not reached yet")
                .contains(List.of());
        assertThat(state.changesAfter(state.version())).as("the latest").contains(List.of());
    }

    @Test
    void a_watch_sees_an_object_enter_and_leave_its_selection() {
        LabState state = after(
                shop(),
                new LabWrite.Change(CART, LabWrite.Part.WHOLE, PatchRules.MERGE, json("{metadata: {labels: {a: b}}}")),
                new LabWrite.Change(CART, LabWrite.Part.WHOLE, PatchRules.MERGE, json("{metadata: {labels: {c: d}}}")),
                new LabWrite.Change(
                        CART, LabWrite.Part.WHOLE, PatchRules.MERGE, json("{metadata: {labels: {a: null}}}")));
        LabSelection selection = LabSelection.parse(LabKind.POD, "", Optional.of("a=b"), Optional.empty());

        assertThat(state.changesAfter(3).orElseThrow().stream().flatMap(one -> one.seenBy(selection).stream()))
                .extracting(WatchEvent::type)
                .containsExactly(WatchEvent.Type.ADDED, WatchEvent.Type.MODIFIED, WatchEvent.Type.DELETED);
    }

    /** Whoever lists once and then follows the changes knows what the server knows. */
    @RepeatedTest(20)
    void following_the_changes_leads_to_the_state(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        LabState state = shop();
        Map<ObjectKey, Long> followed = new TreeMap<>();
        state.objects().forEach((key, object) -> followed.put(key, object.version()));
        long seen = state.version();

        for (int i = 0; i < 200; i++) {
            state = after(state, randomWrite(random));
            if (random.nextInt(5) == 0) {
                state.changesAfter(seen).orElseThrow().forEach(change -> follow(followed, change));
                seen = state.version();
            }
        }
        state.changesAfter(seen).orElseThrow().forEach(change -> follow(followed, change));

        Map<ObjectKey, Long> wanted = new TreeMap<>();
        state.objects().forEach((key, object) -> wanted.put(key, object.version()));
        assertThat(followed).as("seed " + repetition.getCurrentRepetition()).isEqualTo(wanted);
    }

    private static void follow(Map<ObjectKey, Long> followed, LabChange change) {
        change.after()
                .ifPresentOrElse(now -> followed.put(now.key(), now.version()), () -> followed.remove(change.key()));
    }

    private static LabWrite randomWrite(Random random) {
        ObjectKey key = new ObjectKey(LabKind.POD, "shop", "pod-" + random.nextInt(6));
        return switch (random.nextInt(4)) {
            case 0 -> new LabWrite.Create(key, json("{}"));
            case 1 -> new LabWrite.Delete(key);
            case 2 -> new LabWrite.Manifests(Map.of(key, json("{spec: {n: " + random.nextInt(9) + "}}")), List.of());
            default ->
                new LabWrite.Change(
                        key, LabWrite.Part.STATUS, PatchRules.MERGE, json("{status: {n: " + random.nextInt(9) + "}}"));
        };
    }
}
