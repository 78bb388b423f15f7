package dev.shunt.core;

import java.util.List;

/**
 * How a workload's stored results become something that can be compared. One is made for one place where results are
 * stored, for example the live tables, those of shadow runs or those of an external worker; two places that hold the same
 * result give equal trees.
 */
@FunctionalInterface
public interface ResultProjection {

    /**
     * Reads what items left behind, all of it as of one moment. Generated ids, server times and what other items wrote
     * are not part of it. A row that is not there is a member or element that is not there; a column that is null is
     * {@link Canonical#NOTHING}.
     *
     * @param keys the items
     * @return one tree for each key, in order; one without members if nothing of the item is stored
     * @throws UnavailableException if the place cannot be read now
     */
    List<Canonical> read(List<ItemKey> keys);
}
