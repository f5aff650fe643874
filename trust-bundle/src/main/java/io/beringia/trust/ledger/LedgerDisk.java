package io.beringia.trust.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** The few things that a log asks of a folder. Owned by the log's writer; paths are relative. */
interface LedgerDisk extends AutoCloseable {
    /** Empty where there is no such file. */
    Optional<byte[]> read(String path) throws IOException;

    /** Whether nobody but its owner can read the file. */
    boolean isPrivate(String path) throws IOException;

    /** Names of the files in a folder, in order; none where there is no such folder. */
    List<String> names(String folder) throws IOException;

    /** The file is the old one or the new one, whole, and its owner's alone; the new one for certain once {@link #settle} returned. */
    void replace(String path, byte[] octets) throws IOException;

    void settle() throws IOException;

    /** A file, or a folder of files; nothing where there is none. */
    void delete(String path) throws IOException;

    /** An empty file, in place of any other, whose name lasts. */
    Appender create(String path) throws IOException;

    @Override
    void close() throws IOException;

    /** A file that grows. */
    interface Appender extends AutoCloseable {
        void write(ByteBuffer octets) throws IOException;

        /** What was written lasts when this returns. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
