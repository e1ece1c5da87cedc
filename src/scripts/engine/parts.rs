//! What an indicator is broken down by must be there: a column with codes, or groups.

use super::names::{Fault, Known, Sound};
use crate::definitions::{By, Column, ColumnType, Indicator, List, Seen};
use crate::nouns::problem::{Place, Problem};

impl<'a> Known<'a> {
    /// The records that an indicator's parts are made of must have what the parts go by.
    pub(super) fn breakdown(&self, indicator: &Indicator) -> Sound {
        let place = &indicator.place;
        let Some(breakdown) = &indicator.breakdown else { return Ok(()) };
        let Some(of) = indicator.measure.of() else { return Ok(()) };
        let list = self.base(of, place)?;
        let ways = std::iter::once(("by", &breakdown.by));
        for (name, way) in ways.chain(breakdown.across.as_ref().map(|across| ("across", across))) {
            self.way(name, way, (of, list), place)?;
        }
        Ok(())
    }

    /// What parts are made by: of the records of a list, or of what is taken from it.
    fn way(&self, name: &str, way: &By, (of, list): (&str, &'a List), place: &Place) -> Sound {
        let column = match way {
            By::Column(column) => column,
            By::Groups(groups) => {
                let mut groups = groups.iter();
                return groups.try_for_each(|(_, group)| self.conditions_on(of, group, place));
            }
        };
        let (list, found) = self.column_of(column, (of, list), place)?;
        let holds_titles = match &found.kind {
            ColumnType::Codes(_) => true,
            // What stands in the column becomes a title that everybody reads.
            ColumnType::Text | ColumnType::Quarter => list.public.contains(&found.name),
            _ => false,
        };
        if holds_titles {
            return Ok(());
        }
        let message = format!("`{name}` names `{column}`, a column without codes");
        let hint =
            "break it down by groups; or by a column of texts that its list names in `public`";
        Err(Problem::script(place.clone(), message).hint(hint).into())
    }

    /// A column of a list by its name; or by that of a record that each of its records leads to,
    /// such as `child.SEX`.
    fn column_of(
        &self,
        name: &str,
        (of, list): (&str, &'a List),
        place: &Place,
    ) -> Result<(&'a List, &'a Column), Fault> {
        if !name.contains('.') {
            let found = self.column(list, name, place).map(|column| (list, column));
            return found.map_err(|fault| match self.linked_column(list, name) {
                Some((other, written)) => fault
                    .hint(format!("for that of the list {}, write  \"{written}\"", other.title)),
                None => fault,
            });
        }
        let seen = [Seen { name: self.declared.list_name(of), list }];
        let fault = |message: String| Fault::from(Problem::script(place.clone(), message));
        let (_, list, index) = self.declared.whose(&seen, name).map_err(fault)?;
        let list = &self.declared.lists[&list.name];
        Ok((list, &list.columns[index]))
    }

    /// The list that has a column of a name and one record for each key, and how the column is
    /// written from there.
    fn linked_column(&self, from: &List, name: &str) -> Option<(&'a List, String)> {
        let lists = self.declared.lists.values();
        let mut linked = lists.filter(|list| list.key == from.key && list.one_per_key);
        let found = linked.find(|list| list.column(name).is_some())?;
        Some((found, format!("{}.{name}", found.record)))
    }
}
