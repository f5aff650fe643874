package io.beringia.trust.ledger;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where the files of one log are read: a folder, or somebody who serves it. */
public interface LogSource {
    /** Its contents by the path below the log's prefix; empty where there is none. */
    Optional<byte[]> read(String path) throws IOException;

    /** Names of the files in a folder, as far as that can be asked. */
    default List<String> names(String folder) throws IOException {
        return List.of();
    }
}
