package main

import "fmt"

const (
	cardFormat   = "homeward-card/v1"
	mostCard     = 16 * 1024
	mostOfficers = 32
)

var (
	purposes   = []string{"identity", "entry", "checkpoint", "witness"}
	isRole     = whole("side|neutral")
	isAge      = whole("age1[02-9ac-hj-np-z]{58}")
	isSecond   = hexOf(1312)
	isOfficer  = whole("[^ ]+ [0-9a-f]{64}")
	possession = "homeward-card/v1 proof of possession\n"
)

// namedKey is a signing key with the words of its line.
type namedKey struct {
	name string
	key  []byte
}

// Card is what a party shows of itself; every key on it has signed it.
type Card struct {
	name, role, nonce, age string
	keys                   []namedKey
	// second is the ML-DSA-44 witness key, nil when the card has none; nothing here checks with it.
	second []byte
}

// key gives the key of a line, nil when the card has none.
func (c *Card) key(name string) []byte {
	for _, each := range c.keys {
		if each.name == name {
			return each.key
		}
	}
	return nil
}

func (c *Card) officer(id string) []byte { return c.key("officer " + id) }

// readCard reads and checks a card.
func readCard(text, place string) (*Card, *Problem) {
	lines, ok := linesOf([]byte(text), mostCard)
	if !ok {
		return nil, refuse("card-malformed", place, "", "ASCII lines, at most 16 KiB")
	}
	card := &Card{}
	if problem := card.readLines(lines, place); problem != nil {
		return nil, problem
	}
	if problem := card.checkKeys(place); problem != nil {
		return nil, problem
	}
	message := []byte(possession + lines.above())
	for _, each := range card.keys {
		signature, ok := lines.take("proof "+each.name, isHex2)
		if !ok {
			return nil, refuse("card-malformed", place, lines.line(), "proof "+each.name)
		}
		if !isSigned(message, unhex(signature), each.key) {
			return nil, refuse("card-proof-wrong", place, each.name, "a signature by that key")
		}
	}
	if !lines.ended() {
		return nil, refuse("card-malformed", place, lines.line(), "the end of the card")
	}
	return card, nil
}

func (c *Card) readLines(lines *cursor, place string) *Problem {
	malformed := func(expected string) *Problem {
		return refuse("card-malformed", place, lines.line(), expected)
	}
	if lines.line() != cardFormat {
		return malformed(cardFormat)
	}
	lines.at++
	single := func(name string, form func(string) bool, value *string) bool {
		found, ok := lines.take(name, form)
		*value = found
		return ok
	}
	if !single("name", isName, &c.name) || !single("role", isRole, &c.role) ||
		!single("nonce", isHex, &c.nonce) {
		return malformed("name, role, nonce")
	}
	for _, purpose := range purposes {
		key, ok := lines.take(purpose, isHex)
		if !ok {
			return malformed(purpose)
		}
		c.keys = append(c.keys, namedKey{purpose, unhex(key)})
	}
	if lines.nextIs("witness-mldsa44") {
		key, ok := lines.take("witness-mldsa44", isSecond)
		if !ok {
			return malformed("witness-mldsa44 <key>")
		}
		c.second = unhex(key)
	}
	if !single("age", isAge, &c.age) {
		return malformed("an age recipient")
	}
	return c.readOfficers(lines, place)
}

func (c *Card) readOfficers(lines *cursor, place string) *Problem {
	last, count := "", 0
	for lines.nextIs("officer") {
		value, ok := lines.take("officer", isOfficer)
		if !ok {
			return refuse("card-malformed", place, lines.line(), "officer <id> <key>")
		}
		id, key := value[:len(value)-65], value[len(value)-64:]
		if !isName(id) || id <= last {
			return refuse("card-malformed", place, id, "officers in order, each once")
		}
		c.keys = append(c.keys, namedKey{"officer " + id, unhex(key)})
		last, count = id, count+1
	}
	if count > mostOfficers {
		return refuse("officers-malformed", place, fmt.Sprint(count), "at most 32")
	}
	return nil
}

func (c *Card) checkKeys(place string) *Problem {
	known := map[string]bool{}
	for _, each := range c.keys {
		if !isProper(each.key) {
			return refuse("key-not-proper", place, each.name, "a point of the main subgroup")
		}
		known[string(each.key)] = true
	}
	if len(known) != len(c.keys) {
		return refuse("key-used-twice", place, c.name, "a key of its own for every purpose")
	}
	if !isRecipient(c.age) {
		return refuse("card-malformed", place, c.age, "an age recipient")
	}
	return nil
}
