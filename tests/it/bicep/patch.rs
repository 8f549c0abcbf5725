//! Edits of one resource.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use shipit::azure::bicep::patch::{Patch, apply};

const TEXT: &str = "\
param location string

// The account.
resource store 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'store' // its name
  location: location
  tags: {}
  sku: { name: 'Standard_LRS' }
  properties: {
    rules: [
      {
        id: 1
      }
      {
        id: 2 // the last
      }
    ]
    'a/b~c': [1, 2, 3]
    computed: union({}, {})
  }

  resource blobs 'blobServices' = {
    name: 'default'
  }
}

module web 'web/web.bicep' = if (true) {
  params: {
    location: location
  }
}
";

fn patch(text: &str) -> Patch {
    toml::from_str(&format!("module = \"m\"\nresource = \"store\"\n{text}")).unwrap()
}

/// Applies the edits and compares the lines that changed.
#[track_caller]
fn check(patches: &[&str], expect: &str) {
    let patches: Vec<Patch> = patches.iter().map(|text| patch(text)).collect();
    let edited = apply(TEXT, &patches).unwrap();
    shipit::azure::bicep::parse(&edited).unwrap();
    let diff = similar::TextDiff::from_lines(TEXT, &edited);
    let changes = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
    let changes: String = changes.map(|change| format!("{}{}", change.tag(), change.value())).collect();
    assert_eq!(changes, expect);
}

#[test]
fn a_value_is_replaced_where_it_stands() {
    check(
        &["op = 'replace'\npath = '/sku/name'\nvalue = 'Standard_ZRS'"],
        "\
-  sku: { name: 'Standard_LRS' }
+  sku: { name: 'Standard_ZRS' }
",
    );
    check(
        &["op = 'add'\npath = '/name'\nexpression = \"toLower('X') // no\""],
        "\
-  name: 'store' // its name
+  name: toLower('X') // its name
",
    );
    check(
        &["op = 'replace'\npath = '/properties/a~1b~0c/1'\nvalue = [true, 'x${y}']"],
        "\
-    'a/b~c': [1, 2, 3]
+    'a/b~c': [1, [
+      true
+      'x\\${y}'
+    ], 3]
",
    );
    check(
        &["op = 'replace'\npath = '/properties/rules/1/id'\nvalue = -1"],
        "\
-        id: 2 // the last
+        id: -1 // the last
",
    );
    check(
        &["op = 'replace'\npath = '/properties/computed'\nvalue = { '$bicep' = 'location' }"],
        "\
-    computed: union({}, {})
+    computed: location
",
    );
}

#[test]
fn what_is_missing_is_added_with_its_parents() {
    check(
        &["op = 'add'\npath = '/tags/my-tag'\nvalue = \"it's\""],
        "\
-  tags: {}
+  tags: {
+    'my-tag': 'it\\'s'
+  }
",
    );
    check(
        &["op = 'add'\npath = '/sku/tier'\nvalue = 'x'"],
        "\
-  sku: { name: 'Standard_LRS' }
+  sku: { name: 'Standard_LRS', tier: 'x' }
",
    );
    check(
        &["op = 'add'\npath = '/properties/deep/list/-/name'\nexpression = 'location'"],
        "\
+    deep: {
+      list: [
+        {
+          name: location
+        }
+      ]
+    }
",
    );
    check(
        &["op = 'add'\npath = '/properties/rules/-'\nvalue = { id = 3 }"],
        "\
+      {
+        id: 3
+      }
",
    );
    check(&["op = 'add'\npath = '/properties/rules/0'\nvalue = 0"], "+      0\n");
    check(&["op = 'add'\npath = '/properties/rules/1/name'\nvalue = 'x'"], "+        name: 'x'\n");
    check(
        &["op = 'add'\npath = '/properties/a~1b~0c/3'\nvalue = 4"],
        "\
-    'a/b~c': [1, 2, 3]
+    'a/b~c': [1, 2, 3, 4]
",
    );
    check(&["op = 'add'\npath = '/zones'\nvalue = ['1']"], "+  zones: [\n+    '1'\n+  ]\n");
}

#[test]
fn what_is_removed_leaves_no_trace() {
    check(&["op = 'remove'\npath = '/tags'"], "-  tags: {}\n");
    check(&["op = 'remove'\npath = '/name'"], "-  name: 'store' // its name\n");
    check(&["op = 'remove'\npath = '/sku/name'"], "-  sku: { name: 'Standard_LRS' }\n+  sku: {}\n");
    check(&["op = 'remove'\npath = '/properties/rules/0'"], "-        id: 1\n-      }\n-      {\n");
    for (index, left) in [(0, "2, 3"), (1, "1, 3"), (2, "1, 2")] {
        let expect = format!("-    'a/b~c': [1, 2, 3]\n+    'a/b~c': [{left}]\n");
        check(&[&format!("op = 'remove'\npath = '/properties/a~1b~0c/{index}'")], &expect);
    }
}

#[test]
fn edits_are_made_one_after_another() {
    check(
        &["op = 'add'\npath = '/kind'\nvalue = 'a'", "op = 'replace'\npath = '/kind'\nvalue = 'b'"],
        "+  kind: 'b'\n",
    );
    let mut nested = patch("op = 'replace'\npath = '/name'\nvalue = 'x'");
    nested.resource = "blobs".to_owned();
    let mut module = patch("op = 'add'\npath = '/params/size'\nvalue = 1");
    module.resource = "web".to_owned();
    let edited = apply(TEXT, &[nested, module]).unwrap();
    assert!(edited.contains("    name: 'x'\n") && edited.contains("    location: location\n    size: 1\n"), "{edited}");
}

#[track_caller]
fn refuse(text: &str, expect: &str) {
    assert_eq!(apply(TEXT, &[patch(text)]).unwrap_err().to_string(), expect);
}

#[test]
fn an_edit_that_cannot_be_made_says_why() {
    let mut wrong = patch("op = 'remove'\npath = '/name'");
    wrong.resource = "stor".to_owned();
    let error = apply(TEXT, std::slice::from_ref(&wrong)).unwrap_err();
    assert_eq!(error.to_string(), "there is no resource `stor` in `m`; did you mean `store`?");
    wrong.resource = "database".to_owned();
    let error = apply(TEXT, &[patch("op = 'remove'\npath = '/name'"), wrong.clone()]).unwrap_err();
    assert_eq!(error.index, 1);
    assert_eq!(error.to_string(), "there is no resource `database` in `m`; it has `store`, `blobs` and `web`");
    let error = apply("var x =", &[wrong]).unwrap_err();
    assert_eq!(error.to_string(), "the file is not Bicep: 1:8: expected a value, found the end of the file");

    refuse("op = 'remove'\npath = '/tag'", "`store` has no `/tag`; did you mean `tags`?");
    refuse("op = 'replace'\npath = '/properties/x/y'\nvalue = 1", "`store` has no `/properties/x/y`");
    refuse("op = 'replace'\npath = '/properties/rules/2'\nvalue = 1", "`store` has no `/properties/rules/2`");
    refuse(
        "op = 'add'\npath = '/properties/rules/3'\nvalue = 1",
        "`3` is no place in the array `/properties/rules` of `store`: name a number up to 2, or `-` for its end",
    );
    refuse(
        "op = 'add'\npath = '/properties/rules/01'\nvalue = 1",
        "`01` is no place in the array `/properties/rules` of `store`: name a number up to 2, or `-` for its end",
    );
    refuse(
        "op = 'add'\npath = '/properties/computed/x'\nvalue = 1",
        "`/properties/computed` of `store` is computed (`union({}, {})`): only objects and arrays that are written out can be edited",
    );
    for path in ["", "/", "name"] {
        let expect = format!("`{path}` is no path: it begins with `/` and names a property, such as `/properties/sku`");
        refuse(&format!("op = 'add'\npath = '{path}'\nvalue = 1"), &expect);
    }
    refuse("op = 'add'\npath = '/x'", "`add` needs `value` or `expression`, and one of them only");
    refuse(
        "op = 'replace'\npath = '/x'\nvalue = 1\nexpression = 'a'",
        "`replace` needs `value` or `expression`, and one of them only",
    );
    refuse("op = 'remove'\npath = '/x'\nvalue = 1", "`remove` takes neither `value` nor `expression`");
    refuse(
        "op = 'add'\npath = '/x'\nexpression = 'a\nb: 1'".replace("'a\nb: 1'", "\"a\\nb: 1\"").as_str(),
        "`a\nb: 1` is no expression of Bicep: 2:1: expected the end of the file, found `b`",
    );
}
