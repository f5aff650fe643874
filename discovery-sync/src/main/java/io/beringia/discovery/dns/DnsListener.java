package io.beringia.discovery.dns;

/** Hears what the server does, on its threads. Must be quick. */
public interface DnsListener {
    /** How a question came. */
    enum Transport {
        UDP,
        TCP
    }

    /** Why something was not answered at all. */
    enum Dropped {
        /** Too short for a header, or an answer itself. */
        NO_QUESTION,
        /** Its source asks too much. */
        RATE,
        /** Too many connections, of all or of one source. */
        CONNECTIONS,
        /** It could not be sent, or the asker was too slow. */
        BROKEN
    }

    void onAnswered(Transport transport, Rcode code);

    void onDropped(Transport transport, Dropped why);

    /** One question found a mistake of ours; the others are answered all the same. */
    void onBug(RuntimeException bug);
}
