package main

import (
	"crypto/ed25519"
	"encoding/json"
	"os"
	"testing"
)

// cornerCase is one of the 914 of C2SP/CCTV on which implementations part.
type cornerCase struct {
	Key string `json:"key"`
	Sig string `json:"sig"`
	Msg string `json:"msg"`
}

func readVectors(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile("../tests/record/vectors/" + path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// With VERDICTS in the environment the decisions are also written there, for the other verifier.
func TestCornerCases(t *testing.T) {
	var cases []cornerCase
	readVectors(t, "cctv-ed25519/ed25519vectors.json", &cases)
	var verdicts [][2]bool
	accepted := 0
	for _, each := range cases {
		key := unhex(each.Key)
		good := isSigned([]byte(each.Msg), unhex(each.Sig), key)
		if good {
			accepted++
		}
		verdicts = append(verdicts, [2]bool{good, isProper(key)})
	}
	if len(cases) != 914 || accepted != 43 {
		t.Errorf("%d of %d accepted", accepted, len(cases))
	}
	if path := os.Getenv("VERDICTS"); path != "" {
		written, _ := json.Marshal(verdicts)
		if err := os.WriteFile(path, written, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWycheproof(t *testing.T) {
	var known struct {
		TestGroups []struct {
			PublicKey struct{ Pk string }
			Tests     []struct {
				TcID             int
				Msg, Sig, Result string
			}
		}
	}
	readVectors(t, "wycheproof/ed25519_test.json", &known)
	count := 0
	for _, group := range known.TestGroups {
		for _, each := range group.Tests {
			count++
			good := isSigned(unhex(each.Msg), unhex(each.Sig), unhex(group.PublicKey.Pk))
			if good != (each.Result == "valid") {
				t.Errorf("case %d: %v", each.TcID, good)
			}
		}
	}
	if count == 0 {
		t.Error("no cases")
	}
}

func TestEveryHonestKeyIsProper(t *testing.T) {
	for seed := byte(0); seed < 20; seed++ {
		secret := ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))
		if !isProper(secret.Public().(ed25519.PublicKey)) {
			t.Errorf("seed %d", seed)
		}
	}
}

func TestOddKeysAreNotProper(t *testing.T) {
	for _, point := range smallOrder {
		if isProper(point) {
			t.Errorf("%x", point)
		}
	}
	for _, text := range []string{"", "02", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"} {
		if isProper(unhex(text)) {
			t.Errorf("%s", text)
		}
	}
}
