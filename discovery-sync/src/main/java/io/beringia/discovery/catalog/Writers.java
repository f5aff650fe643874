package io.beringia.discovery.catalog;

/** How many regions may serve a service at one time. */
public enum Writers {
    /** Any: it has no state that two of them could spoil. */
    MANY,
    /** One, its home: whoever else is asked meanwhile would write what the home does not know. */
    SINGLE
}
