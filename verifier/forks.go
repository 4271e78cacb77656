package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	forkFormat = "homeward-fork/v1"
	mostFork   = 64 * 1024
)

// readForks checks every proof of double-dealing that lies in the copy.
func (r *Reading) readForks() {
	for _, name := range r.files.names {
		if !strings.HasPrefix(name, "forks/") {
			continue
		}
		data, _ := r.files.read(name, mostFork)
		fork, problem := r.readFork(data, name)
		if problem != nil {
			r.problems = append(r.problems, problem)
		} else {
			r.forks = append(r.forks, fork)
		}
	}
}

func (r *Reading) readFork(data []byte, place string) (fork Fork, problem *Problem) {
	lines, ok := linesOf(data, mostFork)
	if !ok || len(lines.lines) < 5 || lines.lines[0] != forkFormat ||
		!strings.HasPrefix(lines.lines[2], "log ") {
		return fork, refuse("fork-malformed", place, "", forkFormat)
	}
	log := r.logs[lines.lines[2][len("log "):]]
	if log == nil {
		return fork, refuse("log-unknown", place, lines.lines[2], "a log of this copy")
	}
	if lines.lines[1] != "exchange "+r.exchange.id {
		return fork, refuse("exchange-other", place, lines.lines[1], r.exchange.id)
	}
	var words []string
	var values [][]byte
	for _, line := range lines.lines[3:] {
		word, text, _ := strings.Cut(line, " ")
		value, problem := fromBase64(text, place)
		if problem != nil {
			return fork, problem
		}
		words, values = append(words, word), append(values, value)
	}
	switch {
	case strings.Join(words, " ") == "leaf leaf":
		fork, problem = readForkedEntries(log, values, place)
	case areNotes(words):
		fork, problem = readForkedCheckpoints(log, values, place)
	default:
		return fork, refuse("fork-malformed", place, "", "two leaves, or two notes and a path")
	}
	sum := sha256.Sum256(data)
	if problem == nil && place != "forks/"+hex.EncodeToString(sum[:]) {
		problem = refuse("fork-malformed", place, "", "the proof's own SHA-256 as its name")
	}
	return fork, problem
}

func areNotes(words []string) bool {
	if len(words) < 2 || words[0] != "note" || words[1] != "note" {
		return false
	}
	for _, word := range words[2:] {
		if word != "path" {
			return false
		}
	}
	return true
}

func readForkedEntries(log *Log, leaves [][]byte, place string) (fork Fork, problem *Problem) {
	var pair [2]*Entry
	for at, leaf := range leaves {
		if pair[at], problem = readEntry(leaf, place); problem != nil {
			return fork, problem
		}
	}
	for at, leaf := range leaves {
		if pair[at].log != log.name || pair[at].exchange != log.exchange.id {
			return fork, refuse("fork-malformed", place, pair[at].log, log.name)
		}
		if !isSigned(signedText(leaf), leaf[:signatureBytes], log.entryKey) {
			return fork, refuse("entry-signature-wrong", place, "", "this log's entry key")
		}
	}
	if pair[0].seq != pair[1].seq || bytes.Equal(leaves[0][signatureBytes:], leaves[1][signatureBytes:]) {
		return fork, refuse("fork-not-shown", place, "", "two different headers with one number")
	}
	if bytes.Compare(leaves[0], leaves[1]) > 0 {
		return fork, refuse("fork-malformed", place, "", "the smaller leaf first")
	}
	return Fork{log.name, pair[0].seq, "entries"}, nil
}

func readForkedCheckpoints(log *Log, values [][]byte, place string) (fork Fork, problem *Problem) {
	var pair [2]Checkpoint
	exact := true
	for at := range pair {
		var only bool
		if pair[at], only, problem = readForkedNote(log, values[at], place); problem != nil {
			return fork, problem
		}
		exact = exact && only
	}
	var path []tlog.Hash
	hashes := true
	for _, value := range values[2:] {
		var hash tlog.Hash
		hashes = hashes && copy(hash[:], value) == len(value) && len(value) == len(hash)
		path = append(path, hash)
	}
	if !hashes || !showFork(pair[0], pair[1], path) {
		return fork, refuse("fork-not-shown", place, "", "two checkpoints that cannot belong to one log")
	}
	ordered := pair[0].size != pair[1].size || bytes.Compare(pair[0].root[:], pair[1].root[:]) < 0
	if !exact || !ordered {
		return fork, refuse("fork-malformed", place, "", "the log's line only, the smaller root first")
	}
	return Fork{log.name, pair[0].size, "checkpoints"}, nil
}

// readForkedNote reads a checkpoint note of a proof; only says that it has no line but the log's.
func readForkedNote(log *Log, data []byte, place string) (read Checkpoint, only bool, problem *Problem) {
	note, problem := readNote(data, place)
	if problem != nil {
		return read, false, problem
	}
	read, problem = readCheckpoint(note.text, place)
	if problem != nil {
		return read, false, problem
	}
	signature := note.by(log.origin(), plainKey, log.checkpointKey)
	if read.origin != log.origin() || signature == nil {
		return read, false, refuse("fork-malformed", place, read.origin, log.origin())
	}
	if !isSigned([]byte(note.text), signature, log.checkpointKey) {
		return read, false, refuse("checkpoint-signature-wrong", place, "", "the log's signature")
	}
	return read, len(note.lines) == 1, nil
}

// showFork says whether two checkpoints cannot belong to one log.
func showFork(older, newer Checkpoint, path []tlog.Hash) bool {
	if older.size == newer.size && len(path) == 0 {
		return older.root != newer.root
	}
	roots, ok := rootsFromConsistency(older.size, newer.size, path, older.root)
	return ok && roots[1] == newer.root && roots[0] != older.root
}
