package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.rotation.Change;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RotationStoreTest {
    private static final RootId OLD = new RootId("a".repeat(64));
    private static final RootId NEW = new RootId("b".repeat(64));
    private static final Instant SINCE = Instant.parse("2026-11-30T12:00:00.123Z");

    @TempDir
    private Path dir = Path.of("");

    static Stream<RotationState> states() {
        RotationPhase urgent = new RotationPhase.Publishing(new Change(OLD, NEW, new Pace.Urgent(80)), 7, SINCE);
        return Stream.concat(Phases.all(OLD, NEW, 7, SINCE).stream(), Stream.of(urgent))
                .flatMap(phase -> Stream.of(
                        new RotationState(phase, false, Set.of(), Map.of(), "loop", "gates are open"),
                        new RotationState(
                                phase,
                                true,
                                Set.of(OLD),
                                Map.of("spiffe://corp.example/ns/shop/sa/cart#01234567", SINCE),
                                "spiffe://corp.example/ns/ops/sa/ann",
                                "a reason = with signs"),
                        new RotationState(phase, false, Set.of(), Map.of(), "loop", "gates are open")
                                .under(new Lead(12, "us-west"))));
    }

    @ParameterizedTest
    @MethodSource("states")
    void what_was_written_is_read(RotationState state) throws IOException {
        RotationStore store = new RotationStore(dir.resolve("store"));
        assertThat(store.read()).as("before").isEmpty();

        store.replace(Optional.empty(), state);

        assertThat(store.read()).as("after").contains(state);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.file())))
                .as("mode")
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @MethodSource("states")
    void a_file_that_anybody_changed_is_refused_wherever_it_is(RotationState state) throws IOException {
        RotationStore store = new RotationStore(dir);
        String text = RotationText.write(state);
        for (int i = 0; i < text.length(); i++) {
            Files.writeString(store.file(), text.substring(0, i) + (char) (text.charAt(i) ^ 1) + text.substring(i + 1));
            assertThatThrownBy(store::read).as("octet %s", i).isInstanceOf(IllegalStateException.class);
        }
        for (String torn : new String[] {"", "\n", text.substring(0, text.length() / 2), text + "x 1\n", text + text}) {
            Files.writeString(store.file(), torn);
            assertThatThrownBy(store::read)
                    .as("torn")
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(store.file().toString());
        }
    }

    @Test
    void what_somebody_else_wrote_is_not_replaced() throws IOException {
        RotationStore store = new RotationStore(dir);
        RotationState first = RotationState.first(OLD);
        RotationState theirs = RotationState.first(NEW);
        store.replace(Optional.empty(), first);
        Files.writeString(store.file(), RotationText.write(theirs));

        assertThatThrownBy(() -> store.replace(Optional.of(first), first))
                .as("theirs")
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("changed by somebody else");
        assertThat(store.read()).as("still").contains(theirs);
        Files.delete(store.file());
        assertThatThrownBy(() -> store.replace(Optional.of(first), first))
                .as("gone")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_draft_that_a_crash_left_is_in_nobodys_way() throws IOException {
        RotationStore store = new RotationStore(dir);
        Files.writeString(dir.resolve(".new-rotation.state"), "half");

        store.replace(Optional.empty(), RotationState.first(OLD));

        assertThat(store.read()).as("read").contains(RotationState.first(OLD));
        assertThat(dir.toFile().list()).as("files").containsExactly("rotation.state");
    }
}
