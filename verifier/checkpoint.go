package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// The last second that ISO 8601 can write with four digits of year.
const mostTime = 253402300799

// A signature of ML-DSA-44.
const mldsaBytes = 2420

var isSize = whole(numberPattern)

// Checkpoint is a tree head (c2sp.org/tlog-checkpoint): whose log, how many entries, which root.
type Checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func (c Checkpoint) text() string {
	root := base64.StdEncoding.EncodeToString(c.root[:])
	return fmt.Sprintf("%s\n%d\n%s\n", c.origin, c.size, root)
}

// Cosignature says that a party saw a checkpoint of a size at a time (POSIX seconds).
type Cosignature struct {
	party    string
	size, at int64
}

// Head is a checkpoint with its log's signature and the other parties' countersignatures, verified.
type Head struct {
	Checkpoint
	cosignatures []Cosignature
	unchecked    []string // parties whose ML-DSA-44 line nobody here can check
}

// readCheckpoint reads a note's text: three lines and nothing more.
func readCheckpoint(text, place string) (read Checkpoint, problem *Problem) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] == "" {
		return read, refuse("checkpoint-malformed", place, "", "origin, size, root")
	}
	if !isSize(lines[1]) {
		return read, refuse("checkpoint-malformed", place, lines[1], "a size without leading zeros")
	}
	root, problem := fromBase64(lines[2], place)
	if problem != nil {
		return read, problem
	}
	if len(root) != tlog.HashSize {
		return read, refuse("checkpoint-malformed", place, lines[2], "a root of 32 bytes")
	}
	read.origin = lines[0]
	read.size, _ = strconv.ParseInt(lines[1], 10, 64)
	copy(read.root[:], root)
	return read, nil
}

// readHead reads a checkpoint note of a log; the line of every key that a card names must be right.
func readHead(log *Log, data []byte, place string) (*Head, *Problem) {
	note, problem := readNote(data, place)
	if problem != nil {
		return nil, problem
	}
	checkpoint, problem := readCheckpoint(note.text, place)
	if problem != nil {
		return nil, problem
	}
	if checkpoint.origin != log.origin() {
		return nil, refuse("exchange-other", place, checkpoint.origin, log.origin())
	}
	if checkpoint.size == 0 {
		return nil, refuse("checkpoint-malformed", place, "0", "a log of at least one entry")
	}
	signature := note.by(log.origin(), plainKey, log.checkpointKey)
	if !isSigned([]byte(note.text), signature, log.checkpointKey) {
		return nil, refuse("checkpoint-signature-wrong", place, "", "the log's signature")
	}
	head := &Head{Checkpoint: checkpoint}
	if problem := head.readCosignatures(log, note, place); problem != nil {
		return nil, problem
	}
	return head, head.readSecond(log, note, place)
}

func (h *Head) readCosignatures(log *Log, note *Note, place string) *Problem {
	for _, card := range log.exchange.cards {
		key := card.key("witness")
		value := note.by(log.exchange.witness(card.name), witnessKey, key)
		if value == nil {
			continue
		}
		at, problem := readTime(value, 64, place)
		if problem != nil {
			return problem
		}
		message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, note.text)
		if !isSigned([]byte(message), value[8:], key) {
			return refuse("cosignature-wrong", place, card.name, "that party's countersignature")
		}
		if card.name != log.author() {
			h.cosignatures = append(h.cosignatures, Cosignature{card.name, h.size, at})
		}
	}
	return nil
}

// readTime reads the time before a countersignature of a length.
func readTime(value []byte, length int, place string) (int64, *Problem) {
	if len(value) != 8+length || binary.BigEndian.Uint64(value) > mostTime {
		return 0, refuse("cosignature-malformed", place, "", "a time and a signature")
	}
	return int64(binary.BigEndian.Uint64(value)), nil
}

// readSecond looks at the ML-DSA-44 lines, which the standard library cannot check.
func (h *Head) readSecond(log *Log, note *Note, place string) *Problem {
	for _, card := range log.exchange.cards {
		value := note.by(log.exchange.witness(card.name), secondKey, card.second)
		if card.second == nil || value == nil {
			continue
		}
		if _, problem := readTime(value, mldsaBytes, place); problem != nil {
			return problem
		}
		h.unchecked = append(h.unchecked, card.name)
	}
	return nil
}
