// Renders a chart as Helm does (helm.sh/helm, pkg/engine): Go's templates, sprig's functions, one
// template set for all files, values merged over those of the chart. Prints the documents as JSON.
//
//	chart CHART-FOLDER RELEASE VALUES-FILE
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: chart CHART-FOLDER RELEASE VALUES-FILE"))
	}
	documents, err := render(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fail(err)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(documents); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "chart:", err)
	os.Exit(1)
}

func render(folder, release, valuesFile string) ([]interface{}, error) {
	chart, err := read(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return nil, err
	}
	values, err := read(filepath.Join(folder, "values.yaml"))
	if err != nil {
		return nil, err
	}
	given, err := read(valuesFile)
	if err != nil {
		return nil, err
	}
	merge(values, given)
	about := map[string]interface{}{}
	for key, value := range chart {
		about[strings.ToUpper(key[:1])+key[1:]] = value
	}
	set := template.New("gotpl").Option("missingkey=zero")
	set.Funcs(functions(set))
	names, err := parse(set, folder, fmt.Sprint(chart["name"]))
	if err != nil {
		return nil, err
	}
	var documents []interface{}
	for _, name := range names {
		var text bytes.Buffer
		data := map[string]interface{}{
			"Chart":    about,
			"Values":   values,
			"Release":  map[string]interface{}{"Name": release, "Namespace": "default", "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
			"Template": map[string]interface{}{"Name": name, "BasePath": fmt.Sprint(chart["name"]) + "/templates"},
		}
		if err := set.ExecuteTemplate(&text, name, data); err != nil {
			return nil, err
		}
		// Helm puts `<no value>` right afterwards; here it is a mistake.
		if strings.Contains(text.String(), "<no value>") {
			return nil, fmt.Errorf("%s: a value is missing", name)
		}
		for _, part := range strings.Split("\n"+text.String(), "\n---\n") {
			var document interface{}
			if err := yaml.UnmarshalStrict([]byte(part), &document); err != nil {
				return nil, fmt.Errorf("%s: %v", name, err)
			}
			if document != nil {
				documents = append(documents, document)
			}
		}
	}
	return documents, nil
}

func read(path string) (map[string]interface{}, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	values := map[string]interface{}{}
	return values, yaml.Unmarshal(text, &values)
}

func merge(into, from map[string]interface{}) {
	for key, value := range from {
		below, isTable := value.(map[string]interface{})
		there, wasTable := into[key].(map[string]interface{})
		if isTable && wasTable {
			merge(there, below)
		} else {
			into[key] = value
		}
	}
}

func parse(set *template.Template, folder, chart string) ([]string, error) {
	var names []string
	templates := filepath.Join(folder, "templates")
	err := filepath.Walk(templates, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		name := chart + "/" + filepath.ToSlash(below)
		names = append(names, name)
		_, err = set.New(name).Parse(string(text))
		return err
	})
	return names, err
}

// What Helm adds to sprig (pkg/engine/funcs.go, engine.go).
func functions(set *template.Template) template.FuncMap {
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := set.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	functions["required"] = func(warning string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, fmt.Errorf("%s", warning)
		}
		return value, nil
	}
	return functions
}
