package main

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// Tree is the Merkle tree of a log (RFC 6962), kept as the hashes of all its complete subtrees.
type Tree struct {
	size   int64
	hashes hashList
}

// hashList holds hashes in the order that tlog numbers them.
type hashList []tlog.Hash

// ReadHashes makes a hashList a tlog.HashReader.
func (l hashList) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for at, index := range indexes {
		found[at] = l[index]
	}
	return found, nil
}

// append adds the hash of the next leaf.
func (t *Tree) append(leaf tlog.Hash) {
	added, err := tlog.StoredHashesForRecordHash(t.size, leaf, t.hashes)
	if err != nil {
		return // reading hashes from memory does not fail
	}
	t.hashes = append(t.hashes, added...)
	t.size++
}

func (t *Tree) leaf(at int64) tlog.Hash { return t.hashes[tlog.StoredHashIndex(0, at)] }

// root is the tree's root at a size it has reached.
func (t *Tree) root(size int64) tlog.Hash {
	if size == 0 {
		return sha256.Sum256(nil)
	}
	hash, err := tlog.TreeHash(size, t.hashes)
	if err != nil {
		return tlog.Hash{}
	}
	return hash
}

// row gives hashes of complete subtrees of one tile: width of them, from the first on.
func (t *Tree) row(level int, first, width int64) []byte {
	var found []byte
	for at := first; at < first+width; at++ {
		hash := t.hashes[tlog.StoredHashIndex(8*level, at)]
		found = append(found, hash[:]...)
	}
	return found
}

// rootsFromConsistency gives the two roots that a consistency proof leads to (RFC 9162, 2.1.4.2).
func rootsFromConsistency(old, size int64, path []tlog.Hash, oldRoot tlog.Hash) (roots [2]tlog.Hash, ok bool) {
	if old&(old-1) == 0 {
		path = append([]tlog.Hash{oldRoot}, path...)
	}
	if old <= 0 || old >= size || len(path) == 0 {
		return roots, false
	}
	node, last := old-1, size-1
	for node&1 == 1 {
		node, last = node>>1, last>>1
	}
	roots = [2]tlog.Hash{path[0], path[0]}
	for _, step := range path[1:] {
		if last == 0 {
			return roots, false
		}
		if node&1 == 1 || node == last {
			roots = [2]tlog.Hash{tlog.NodeHash(step, roots[0]), tlog.NodeHash(step, roots[1])}
			for node&1 == 0 && node != 0 {
				node, last = node>>1, last>>1
			}
		} else {
			roots[1] = tlog.NodeHash(roots[1], step)
		}
		node, last = node>>1, last>>1
	}
	return roots, last == 0
}
