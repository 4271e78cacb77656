package main

import (
	"encoding/base64"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func hashOf(t *testing.T, text string) (hash tlog.Hash) {
	t.Helper()
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	copy(hash[:], value)
	return hash
}

func TestEveryConsistencyProofLeadsToBothRoots(t *testing.T) {
	var tree Tree
	var roots []tlog.Hash
	for size := int64(0); size < 70; size++ {
		roots = append(roots, tree.root(size))
		tree.append(tlog.RecordHash([]byte{byte(size)}))
	}
	for size := int64(2); size < 70; size++ {
		for old := int64(1); old < size; old++ {
			proof, err := tlog.ProveTree(size, old, tree.hashes)
			if err != nil {
				t.Fatal(err)
			}
			found, ok := rootsFromConsistency(old, size, proof, roots[old])
			if !ok || found != [2]tlog.Hash{roots[old], roots[size]} {
				t.Fatalf("from %d to %d: %v", old, size, ok)
			}
		}
	}
}

func TestConsistencyProofsOfOthers(t *testing.T) {
	var cases map[string]struct {
		Size1, Size2 int64
		Root1, Root2 string
		Proof        []string
		WantErr      bool
	}
	readVectors(t, "transparency-dev-merkle/consistency.json", &cases)
	for name, each := range cases {
		if each.Size1 <= 0 || each.Size1 >= each.Size2 {
			continue // here only proofs between two different trees are read
		}
		var path []tlog.Hash
		whole := true
		for _, step := range each.Proof {
			value, _ := base64.StdEncoding.DecodeString(step)
			whole = whole && len(value) == tlog.HashSize
			path = append(path, hashOf(t, step))
		}
		roots, ok := rootsFromConsistency(each.Size1, each.Size2, path, hashOf(t, each.Root1))
		good := whole && ok && roots == [2]tlog.Hash{hashOf(t, each.Root1), hashOf(t, each.Root2)}
		if good == each.WantErr {
			t.Errorf("%s: %v", name, good)
		}
	}
}

func TestTilePaths(t *testing.T) {
	for _, each := range []struct {
		level        string
		index, width int64
		want         string
	}{
		{"0", 0, 256, "tile/0/000"},
		{"entries", 0, 5, "tile/entries/000.p/5"},
		{"0", 1234067, 256, "tile/0/x001/x234/067"},
		{"1", 1000, 1, "tile/1/x001/000.p/1"},
	} {
		if got := tilePath(each.level, each.index, each.width); got != each.want {
			t.Errorf("%s, not %s", got, each.want)
		}
	}
}
