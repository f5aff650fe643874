package io.beringia.scenarios.connect;

import java.io.IOException;

/** What the backend does, or sees. Connection 0 is the last one that was accepted. */
sealed interface BackendStep extends Step {
    record Accepts() implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet, IOException {
            stage.backend().accept();
        }
    }

    record Writes(int connection, Bytes bytes) implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.backend().write(connection, bytes);
        }
    }

    record Reads(int connection, Bytes bytes) implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet, IOException {
            stage.backend().read(connection, bytes);
        }
    }

    record Finishes(int connection) implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.backend().finish(connection);
        }
    }

    record Resets(int connection) implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.backend().reset(connection);
        }
    }

    record SeesEnd(int connection) implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet, IOException {
            if (stage.backend().end(connection) != BackendSeat.End.FIN) {
                throw new Unmet("backend: reset (expected: the end of the bytes)");
            }
        }
    }

    record SeesReset(int connection) implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet, IOException {
            if (stage.backend().end(connection) != BackendSeat.End.RST) {
                throw new Unmet("backend: a clean end (expected: a reset, since bytes are missing)");
            }
        }
    }

    record SeesGone(int connection) implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet, IOException {
            stage.backend().end(connection);
        }
    }

    /** From now on it takes no connections. */
    record Refuses() implements BackendStep {
        @Override
        public void play(Stage stage) throws IOException {
            stage.backend().refuse();
        }
    }

    /** Nobody has connected. */
    record Untouched() implements BackendStep {
        @Override
        public void play(Stage stage) throws Unmet, IOException {
            if (stage.backend().acceptIfWaiting()) {
                throw new Unmet("backend: a connection (expected: none)");
            }
        }
    }

    /** @param words as they stand after {@code backend} */
    static BackendStep parse(Words words, Content content) {
        return switch (words.next("what the backend does")) {
            case "accepts" -> new Accepts();
            case "writes" -> new Writes(words.numberIfAny(), content.bytes());
            case "reads" -> new Reads(words.numberIfAny(), content.bytes());
            case "finishes" -> new Finishes(words.numberIfAny());
            case "resets" -> new Resets(words.numberIfAny());
            case "sees-end" -> new SeesEnd(words.numberIfAny());
            case "sees-reset" -> new SeesReset(words.numberIfAny());
            case "is-left" -> new SeesGone(words.numberIfAny());
            case "refuses" -> new Refuses();
            case "untouched" -> new Untouched();
            case String other ->
                throw new IllegalArgumentException(
                        "backend: \"" + other + "\" (expected: accepts, writes, reads, finishes,"
                                + " resets, sees-end, sees-reset, is-left, refuses or untouched)");
        };
    }
}
