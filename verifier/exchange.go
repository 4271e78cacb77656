package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	exchangeFile   = "exchange.txt"
	exchangeFormat = "homeward-exchange/v1"
	mostExchange   = 1024 * 1024
)

var (
	isPolicyName  = whole(`[a-z][a-z0-9-]{0,63}`)
	isPolicyValue = whole(`[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?`)
)

// Exchange is who takes part: the cards sorted by name, and the id that binds every other text.
type Exchange struct {
	id    string
	cards []*Card
}

// card gives a party's card, nil for a stranger.
func (e *Exchange) card(party string) *Card {
	for _, each := range e.cards {
		if each.name == party {
			return each
		}
	}
	return nil
}

func (e *Exchange) sides() []string {
	var found []string
	for _, each := range e.cards {
		if each.role == "side" {
			found = append(found, each.name)
		}
	}
	return found
}

// origin is the first line of every checkpoint of a log.
func (e *Exchange) origin(log string) string {
	return "homeward/" + e.id + "/" + strings.ReplaceAll(log, ".", "/")
}

// witness is the key name under which a party countersigns.
func (e *Exchange) witness(party string) string {
	return "homeward/" + e.id + "/" + party + "/witness"
}

func firstLog(party string) string { return party + ".office.1" }

func authorOf(log string) string {
	author, _, _ := strings.Cut(log, ".")
	return author
}

// readExchange reads exchange.txt and checks every card.
func readExchange(files *Folder) (*Exchange, *Problem) {
	data, found := files.read(exchangeFile, mostExchange)
	if !found {
		return nil, refuse("exchange-missing", exchangeFile, "", "the exchange's text")
	}
	if _, ok := linesOf(data, mostExchange); !ok {
		return nil, refuse("exchange-malformed", exchangeFile, "", "ASCII lines, at most 1 MiB")
	}
	sum := sha256.Sum256(data)
	exchange := &Exchange{id: hex.EncodeToString(sum[:])}
	blocks := strings.Split(string(data[:len(data)-1]), "\n\n")
	if problem := checkHead(strings.Split(blocks[0], "\n")); problem != nil {
		return nil, problem
	}
	for at, block := range blocks[1:] {
		card, problem := readCard(block+"\n", fmt.Sprintf("%s:card %d", exchangeFile, at+1))
		if problem != nil {
			return nil, problem
		}
		exchange.cards = append(exchange.cards, card)
	}
	return exchange, exchange.checkParties()
}

func checkHead(lines []string) *Problem {
	if len(lines) < 2 || lines[0] != exchangeFormat || !strings.HasPrefix(lines[1], "terms ") {
		return refuse("exchange-malformed", exchangeFile, lines[0], exchangeFormat)
	}
	if !isHex(lines[1][len("terms "):]) {
		return refuse("exchange-malformed", exchangeFile+":2", lines[1], "terms <64 hexadecimal digits>")
	}
	last := ""
	for at, line := range lines[2:] {
		words := strings.SplitN(line, " ", 3)
		if len(words) != 3 || words[0] != "policy" || !isPolicyName(words[1]) ||
			!isPolicyValue(words[2]) || words[1] <= last {
			place := fmt.Sprintf("%s:%d", exchangeFile, at+3)
			return refuse("policy-malformed", place, line, "policy <name> <value>")
		}
		last = words[1]
	}
	return nil
}

func (e *Exchange) checkParties() *Problem {
	last := ""
	for _, card := range e.cards {
		if card.name <= last {
			return refuse("parties-malformed", exchangeFile, card.name, "sorted by name, each once")
		}
		last = card.name
	}
	if len(e.sides()) < 2 {
		return refuse("parties-malformed", exchangeFile, "", "two sides or more")
	}
	keys, nonces := map[string]bool{}, map[string]bool{}
	for _, card := range e.cards {
		all := append([]namedKey{{"age", []byte(card.age)}, {"second", card.second}}, card.keys...)
		for _, each := range all {
			if each.key == nil {
				continue
			}
			if keys[string(each.key)] {
				return refuse("key-used-twice", exchangeFile, card.name, "no key that two parties share")
			}
			keys[string(each.key)] = true
		}
	}
	for _, card := range e.cards {
		if nonces[card.nonce] {
			return refuse("nonce-used-twice", exchangeFile, card.name, "a nonce for every party")
		}
		nonces[card.nonce] = true
	}
	return nil
}
